/** So many files of one folder are listed: more is no folder of weights or notebooks, but somebody's disk. */
const MOST_FILES = 1000;

export interface Dropped {
  files: File[];
  /** of each folder all files, those of the folders in it too */
  folders: File[][];
}

/**
 * The files that a drop brings. Has to be called while the event is being handled; what it returns may come later.
 * @throws Error that names a folder with more than a thousand files in it, or one that cannot be read
 */
export async function droppedFiles(data: DataTransfer): Promise<Dropped> {
  // these items are gone as soon as the event is over
  const items = [...data.items].filter(({ kind }) => kind === "file").map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  const folders = items.map(({ entry }) => entry).filter(isFolder);
  const files = items.filter(({ entry }) => !isFolder(entry)).map(({ file }) => file).filter((file) => file !== null);
  return { files, folders: await Promise.all(folders.map((folder) => filesIn(folder, folder.name))) };
}

const isFolder = (entry: FileSystemEntry | null): entry is FileSystemDirectoryEntry => entry?.isDirectory === true;

async function filesIn(top: FileSystemDirectoryEntry, name: string): Promise<File[]> {
  const files: File[] = [];
  const waiting = [top];
  try {
    for (let folder = waiting.pop(); folder; folder = waiting.pop()) {
      for await (const entry of entriesOf(folder)) {
        if (entry.name.startsWith(".")) continue;
        if (isFolder(entry)) waiting.push(entry);
        else files.push(await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)));
        if (files.length + waiting.length > MOST_FILES) throw new Error(`more than ${MOST_FILES} files are in it; drop the file or the folder that is meant`);
      }
    }
  } catch (error) {
    throw new Error(`The folder “${name}” was not opened: ${(error as Error).message}.`, { cause: error });
  }
  return files;
}

/** A folder is listed in parts, until one is empty. */
async function* entriesOf(folder: FileSystemDirectoryEntry): AsyncGenerator<FileSystemEntry> {
  const reader = folder.createReader();
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (part.length === 0) return;
    yield* part;
  }
}
