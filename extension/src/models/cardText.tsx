import type { IRenderMime, IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { Widget } from '@lumino/widgets';
import { type ReactNode, useLayoutEffect, useRef } from 'react';

const MARKDOWN = 'text/markdown';

/** What a model card may be made of. No pictures: a page of Voxcord asks no other machine for anything. */
const TAGS = [
  ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'p', 'br', 'hr', 'div', 'span', 'blockquote', 'details', 'summary'],
  ...['ul', 'ol', 'li', 'dl', 'dt', 'dd', 'table', 'thead', 'tbody', 'tfoot', 'tr', 'th', 'td', 'caption'],
  ...['a', 'b', 'i', 'em', 'strong', 'code', 'pre', 'kbd', 'sub', 'sup', 'del', 'ins']
];

interface CardTextProps {
  readonly text: string;
  readonly rendermime: IRenderMimeRegistry | null;
}

/** A model card, as JupyterLab renders Markdown of strangers. */
export function CardText({ text, rendermime }: CardTextProps): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const { current } = host;
    if (current === null || rendermime === null) return undefined;
    const strict = rendermime.clone({ sanitizer: withoutPictures(rendermime.sanitizer) });
    const renderer = strict.createRenderer(MARKDOWN);
    Widget.attach(renderer, current);
    void renderer.renderModel(strict.createModel({ data: { [MARKDOWN]: text }, trusted: false }));
    return () => renderer.dispose();
  }, [text, rendermime]);
  if (rendermime === null) return <pre className="voxcord-CardText">{text}</pre>;
  return <div className="voxcord-CardText" ref={host} />;
}

function withoutPictures(sanitizer: IRenderMime.ISanitizer): IRenderMime.ISanitizer {
  return { sanitize: (dirty, options) => sanitizer.sanitize(dirty, { ...options, allowedTags: TAGS }) };
}
