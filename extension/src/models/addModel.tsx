import type { TranslationBundle } from '@jupyterlab/translation';
import { type DragEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { isAbort, messageOf } from '../client/index.js';
import { chooseFile } from '../ui/chooseFile.js';
import type { ModelShelf } from './modelShelf.js';
import { nameAndVersion } from './modelTexts.js';

interface AddModelProps {
  readonly shelf: ModelShelf;
  readonly trans: TranslationBundle;
}

/** Adds a model folder as a ZIP archive: chosen, or dropped here. */
export function AddModel({ shelf, trans }: AddModelProps): ReactNode {
  const abort = useRef<AbortController | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [added, setAdded] = useState<string | null>(null);
  const [isOver, setOver] = useState(false);
  useEffect(() => () => abort.current?.abort(), []);

  const add = async (file: File): Promise<void> => {
    const sending = (abort.current = new AbortController());
    setProblem(null);
    setAdded(null);
    try {
      const model = await shelf.add(file, file.name, sending.signal);
      setAdded(nameAndVersion(model.file));
    } catch (reason) {
      if (!isAbort(reason)) setProblem(messageOf(reason));
    }
  };
  const choose = async (): Promise<void> => {
    const file = await chooseFile('.zip,application/zip');
    if (file !== null) await add(file);
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    const [file] = event.dataTransfer.files;
    if (file !== undefined && shelf.adding === null) void add(file);
  };
  const { adding } = shelf;
  return (
    <div
      className={`voxcord-Models-add${isOver ? ' voxcord-mod-over' : ''}`}
      onDragOver={event => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      {adding === null ? (
        <span className="voxcord-Form-line">
          <button className="voxcord-Button" onClick={() => void choose()}>
            {trans.__('Add a model…')}
          </button>
          <span className="voxcord-Row-detail">
            {trans.__('A ZIP archive of a folder with model.json and its network; drop it here or choose it.')}
          </span>
        </span>
      ) : (
        <span className="voxcord-Form-line" role="status">
          {adding.step === 'sending' ? (
            <>
              <span>{trans.__('Sending %1…', adding.name)}</span>
              <progress className="voxcord-Progress" value={adding.fraction} aria-label={trans.__('Sent so far')} />
              <button className="voxcord-Button" onClick={() => abort.current?.abort()}>
                {trans.__('Cancel')}
              </button>
            </>
          ) : (
            <span>{trans.__('Checking %1…', adding.name)}</span>
          )}
        </span>
      )}
      {problem !== null && (
        <p className="voxcord-Problem" role="alert">
          {problem}
        </p>
      )}
      {added !== null && (
        <p className="voxcord-Row-detail" role="status">
          {trans.__('%1 is here now.', added)}
        </p>
      )}
    </div>
  );
}
