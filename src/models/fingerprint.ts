import type { ImportTask } from "./import-job";

/**
 * What stands for the numbers that a task brings here: a draft is gone on with only for the same. A file is told by its
 * name, length and time; reading it all to be sure would take as long as reading it again.
 */
export function fingerprint(task: ImportTask): string {
  switch (task.kind) {
    case "files":
      return `file ${task.files.map(({ name, size, lastModified }) => `${name} ${size} ${lastModified}`).sort().join(", ")}`;
    case "download":
      return downloadKey(task.source);
    case "copy":
      return `copy ${task.how} of ${task.id}`;
    case "repair":
      return `repair ${task.id}`;
  }
}

/** @param source id of SOURCES */
export const downloadKey = (source: string): string => `download ${source}`;
