/** The files of models/ and samples/ that are served beside the page. */

/** @throws Error when there is no such file */
export async function workbenchFile(path: string): Promise<Blob> {
  const response = await fetch(new URL(path, document.baseURI)).catch(() => null);
  if (!response) throw new Error(`${path} could not be fetched. Is the server still there?`);
  // a server may answer with its front page for what it does not have
  const isPage = response.headers.get("content-type")?.startsWith("text/html");
  if (!response.ok || isPage) throw new Error(`There is no ${path} in this workbench.`);
  return response.blob();
}
