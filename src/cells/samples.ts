/** The sample pictures of public/samples, as its CREDITS.md lists them. */
export interface Sample {
  /** file name in public/samples */
  src: string;
  title: string;
  author: string;
  licence: string;
  kind: "photograph" | "painting";
}

const REPRODUCTION = "public domain, reproduction from the WebMuseum";

export const SAMPLES: readonly Sample[] = [
  { src: "neuschwanstein.jpg", title: "Neuschwanstein castle", author: "cameralends", licence: "CC0, Wikimedia Commons", kind: "photograph" },
  { src: "chambord.jpg", title: "Château de Chambord", author: "BjörnT", licence: "public domain, Wikimedia Commons", kind: "photograph" },
  { src: "canyon-de-chelly.jpg", title: "Canyon de Chelly", author: "Nikater", licence: "public domain, Wikimedia Commons", kind: "photograph" },
  { src: "cat.jpg", title: "Kitten with wool", author: "Loliloli", licence: "public domain, Wikimedia Commons", kind: "photograph" },
  { src: "owl.jpg", title: "Owl", author: "Lepale", licence: "CC0, Wikimedia Commons", kind: "photograph" },
  { src: "great-wave.jpg", title: "The Great Wave off Kanagawa, c. 1831", author: "Katsushika Hokusai", licence: REPRODUCTION, kind: "painting" },
  { src: "poppies.jpg", title: "Poppies, c. 1833", author: "Katsushika Hokusai", licence: REPRODUCTION, kind: "painting" },
  { src: "houses-at-auvers.jpg", title: "Houses at Auvers, 1890", author: "Vincent van Gogh", licence: REPRODUCTION, kind: "painting" },
  { src: "moulin-de-la-galette.jpg", title: "Bal du moulin de la Galette, 1876", author: "Auguste Renoir", licence: REPRODUCTION, kind: "painting" },
  { src: "composition-viii.jpg", title: "Composition VIII, 1923", author: "Wassily Kandinsky", licence: REPRODUCTION, kind: "painting" },
];

/** Who made it and what may be done with it, in one line. */
export function credit({ title, author, licence }: Sample): string {
  return `${title}, by ${author} (${licence})`;
}

// also in a page that is not served from the root of its host
let addressOf = (path: string) => new URL(path, document.baseURI).href;

/** For a page that holds the samples itself. @param address gives the address of `samples/…` */
export function serveSamples(address: (path: string) => string): void {
  addressOf = address;
}

/** Address of a sample. */
export function sampleAddress(src: string): string {
  return addressOf(`samples/${src}`);
}
