declare module "virtual:nst-api" {
  const api: import("../../build/nst-api").Api;
  export default api;
}
