import type { ReactNode } from 'react';

export interface SectionProps {
  readonly title: string;
  /** At the right end of the heading. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** A titled part of a side panel. */
export function Section({ title, aside, children }: SectionProps): ReactNode {
  return (
    <section className="voxcord-Section" aria-label={title}>
      <h2 className="voxcord-Section-title">
        <span>{title}</span>
        <span className="voxcord-Section-aside">{aside}</span>
      </h2>
      {children}
    </section>
  );
}
