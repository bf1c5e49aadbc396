import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import { type ReactNode, useState } from 'react';
import { messageOf } from '../client/index.js';
import { CommandIDs } from '../commandIds.js';
import { Section } from '../panels/section.js';

export interface NewProjectProps {
  readonly commands: CommandRegistry;
  readonly trans: TranslationBundle;
}

/** Begins a project for a study: its protocol opens. */
export function NewProject({ commands, trans }: NewProjectProps): ReactNode {
  const [title, setTitle] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const create = async (): Promise<void> => {
    try {
      setProblem(null);
      await commands.execute(CommandIDs.newProject, { title: title.trim() });
      setTitle('');
    } catch (reason) {
      setProblem(messageOf(reason));
    }
  };
  return (
    <Section title={trans.__('Begin a study')}>
      <p className="voxcord-Hint">
        {trans.__(
          'In a study, readers are given cases and read them by a protocol, blind if it says so. Their reads become one signed ground truth.'
        )}
      </p>
      <form
        className="voxcord-Actions"
        onSubmit={event => {
          event.preventDefault();
          if (title.trim() !== '') void create();
        }}
      >
        <input
          className="voxcord-Field"
          value={title}
          maxLength={200}
          placeholder={trans.__('Title of the study')}
          aria-label={trans.__('Title of the study')}
          onChange={event => setTitle(event.target.value)}
        />
        <button className="voxcord-Button" disabled={title.trim() === ''}>
          {trans.__('Begin')}
        </button>
      </form>
      {problem !== null && (
        <p className="voxcord-Problem voxcord-Hint" role="alert">
          {problem}
        </p>
      )}
    </Section>
  );
}
