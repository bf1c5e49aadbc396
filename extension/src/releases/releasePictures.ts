/** A picture of a report. */
export interface ReportPicture {
  /** `data:image/png;base64,...` */
  readonly address: string;
  readonly caption: string;
}

export type PicturesByCase = ReadonlyMap<string, readonly ReportPicture[]>;

const PNG = /^data:image\/png;base64,[A-Za-z0-9+/=]+$/;

/** The pictures of a report by the heading of their section. Nothing but pictures is taken from it, and nothing runs. */
export function picturesIn(report: string): PicturesByCase {
  const page = new DOMParser().parseFromString(report, 'text/html');
  const found = new Map<string, readonly ReportPicture[]>();
  for (const section of page.querySelectorAll('section')) {
    const title = section.querySelector('h2')?.textContent.trim() ?? '';
    const pictures = [...section.querySelectorAll('figure')].flatMap(figure => {
      const address = figure.querySelector('img')?.getAttribute('src') ?? '';
      const caption = figure.querySelector('figcaption')?.textContent.trim() ?? '';
      return PNG.test(address) ? [{ address, caption }] : [];
    });
    if (title !== '' && pictures.length > 0) found.set(title, pictures);
  }
  return found;
}
