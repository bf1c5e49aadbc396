import type { TranslationBundle } from '@jupyterlab/translation';
import type { Protocol } from '@voxcord/schemas/api';
import { askToSign } from '../signing/index.js';
import type { ProtocolModel } from './protocolModel.js';
import { headline } from './protocolSummary.js';

/** Asks for a signature and locks the draft. Answers the locked version, or null if the person decided not to. */
export async function lockProtocol(model: ProtocolModel, trans: TranslationBundle): Promise<Protocol | null> {
  await model.flush();
  const { content, draft } = model;
  if (content === null || draft === null) return null;
  const { person } = await model.service.me();
  const names = content.segments.map(({ number, name }) => `${number} ${name}`).join(', ');
  return askToSign({
    api: model.service.api,
    trans,
    person,
    title: trans.__('Lock and sign the protocol'),
    action: trans.__('Sign and lock'),
    meaning: 'approval',
    subject: (
      <>
        <p>
          <strong>{trans.__('%1, version %2', content.title, draft.version)}</strong>
        </p>
        <p>{headline(content, trans)}</p>
        <p>{trans.__('Segments: %1.', names)}</p>
        {draft.changes.length > 0 && (
          <p>
            {trans._n(
              '%1 change since version %2.',
              '%1 changes since version %2.',
              draft.changes.length,
              draft.version - 1
            )}
          </p>
        )}
        <p className="voxcord-Row-detail">
          {trans.__(
            'After this it cannot be changed any more; a change makes a new version and is shown wherever it matters.'
          )}
        </p>
      </>
    ),
    sign: signing => model.lock(signing)
  });
}
