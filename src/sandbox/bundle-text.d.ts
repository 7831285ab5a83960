/** The text of a file and all that it imports, as one ES module (see build/bundle-text.ts). */
declare module "*?bundle-text" {
  const text: string;
  export default text;
}
