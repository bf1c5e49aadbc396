import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactNode } from 'react';
import { SignatureLine } from '../signing/index.js';
import { TextField } from '../ui/form.js';
import { AcceptanceSection } from './acceptanceSection.js';
import { AdjudicationSection } from './adjudicationSection.js';
import { AgreementSection } from './agreementSection.js';
import { ConsensusSection } from './consensusSection.js';
import type { ProtocolModel } from './protocolModel.js';
import { ReadersSection } from './readersSection.js';
import { ReleaseSection } from './releaseSection.js';
import { type SectionProps, fieldAt } from './sectionProps.js';
import { SegmentsSection } from './segmentsSection.js';
import { SummaryPane } from './summaryPane.js';

export interface ProtocolTabProps {
  readonly model: ProtocolModel;
  readonly trans: TranslationBundle;
  /** Does something that may fail, and shows what went wrong. */
  readonly run: (action: () => Promise<void>) => void;
}

/** The protocol: the form on the left, what it says in plain language on the right. */
export function ProtocolTab({ model, trans, run }: ProtocolTabProps): ReactNode {
  const { content } = model;
  if (content === null) return <NoProtocol model={model} trans={trans} run={run} />;
  const props: SectionProps = { model, content, isReadOnly: !model.mayEdit, trans };
  return (
    <div className="voxcord-Protocol">
      <div className="voxcord-Protocol-form">
        <VersionNotice model={model} trans={trans} run={run} />
        <div className="voxcord-Form-grid voxcord-mod-first">
          <TextField
            {...fieldAt(props, '/title')}
            label={trans.__('Title')}
            maxLength={200}
            value={content.title}
            onValue={title => model.edit(now => ({ ...now, title }))}
          />
        </div>
        <SegmentsSection {...props} />
        <ReadersSection {...props} />
        <ConsensusSection {...props} />
        <AgreementSection {...props} />
        <AdjudicationSection {...props} />
        <AcceptanceSection {...props} />
        <ReleaseSection {...props} />
      </div>
      <SummaryPane {...props} />
    </div>
  );
}

function NoProtocol({ model, trans, run }: ProtocolTabProps): ReactNode {
  return (
    <div className="voxcord-Empty voxcord-mod-page">
      <h2>{trans.__('This project has no protocol yet')}</h2>
      <p>
        {trans.__(
          'A protocol says what is labelled, who reads, how several reads become one truth, and when that is good enough. It is locked before the first read, so that nobody can fit it to the result.'
        )}
      </p>
      {model.mayManage ? (
        <>
          <p>{trans.__('You begin with a complete proposal and change what should be different.')}</p>
          <button className="voxcord-Button voxcord-mod-primary" onClick={() => run(() => model.begin())}>
            {trans.__('Write the protocol')}
          </button>
        </>
      ) : (
        <p>{trans.__('A manager of the project can write it.')}</p>
      )}
    </div>
  );
}

/** What may be done with the version on show, and why not more. */
function VersionNotice({ model, trans, run }: ProtocolTabProps): ReactNode {
  const { shown, draft, locked, draftState } = model;
  if (shown === null) return null;
  if (draftState.kind === 'conflict') {
    return (
      <div className="voxcord-Notice voxcord-mod-alert" role="alert">
        <span className="voxcord-Notice-text">
          {trans.__(
            'Somebody else has changed this draft meanwhile. What you wrote is still on this page and not saved.'
          )}
        </span>
        <button className="voxcord-Button" onClick={() => run(() => model.takeTheirs())}>
          {trans.__('Show theirs')}
        </button>
        <button className="voxcord-Button voxcord-mod-primary" onClick={() => run(() => model.keepMine())}>
          {trans.__('Save mine over it')}
        </button>
      </div>
    );
  }
  if (shown.state === 'draft') {
    if (model.mayManage) return null;
    return (
      <div className="voxcord-Notice" role="status">
        <span className="voxcord-Notice-text">
          {trans.__('A draft: it is not in force yet, and managers may change it.')}
        </span>
      </div>
    );
  }
  return (
    <div className="voxcord-Notice" role="status" data-locked={shown.version}>
      <span className="voxcord-Notice-text">
        {shown.state === 'locked'
          ? trans.__('Version %1 is locked and in force.', shown.version)
          : trans.__(
              'Version %1 has been replaced by version %2.',
              shown.version,
              locked?.version ?? shown.version + 1
            )}{' '}
        {shown.lock !== null && <SignatureLine signature={shown.lock} trans={trans} />}
      </span>
      {model.mayManage && draft === null && shown.state === 'locked' && (
        <button
          className="voxcord-Button"
          title={trans.__('Reads keep the version that they were begun under; a change is shown wherever it matters')}
          onClick={() => run(() => model.begin())}
        >
          {trans.__('Begin version %1', shown.version + 1)}
        </button>
      )}
      {draft !== null && (
        <button className="voxcord-Button" onClick={() => model.show(draft.version)}>
          {trans.__('Go to the draft of version %1', draft.version)}
        </button>
      )}
    </div>
  );
}
