import type { TranslationBundle } from '@jupyterlab/translation';
import type { Release, ReleasedCase, ProtocolSegment } from '@voxcord/schemas/api';
import type { ReactNode } from 'react';
import { messageOf } from '../client/index.js';
import { CriteriaRows } from '../review/criteriaList.js';
import { changeText, movementText, signed } from '../review/reviewTexts.js';
import { rulesText } from '../review/reviewTexts.js';
import { StateChip } from '../review/versionList.js';
import { SignatureLine } from '../signing/index.js';
import { instantText } from '../ui/dates.js';
import { LoadFailed } from '../ui/loadFailed.js';
import { threeDigits } from '../ui/numbers.js';
import type { ReleaseModel } from './releaseModel.js';
import type { ReportPicture } from './releasePictures.js';
import { VerificationLine } from './verificationLine.js';

export interface ReleasePageProps {
  readonly model: ReleaseModel;
  readonly trans: TranslationBundle;
  readonly onSign: () => void;
  readonly onWithdraw: () => void;
  readonly onDownload: () => void;
  readonly onPrint: () => void;
  readonly onEvaluate: () => void;
  readonly onOpenRelease: (releaseId: string) => void;
  readonly onOpenCase: (caseId: string) => void;
}

/** What a release is, who made it and how, with its tables, pictures and signatures. */
export function ReleasePage(props: ReleasePageProps): ReactNode {
  const { model, trans } = props;
  const { release } = model;
  if (release === null) {
    return model.error === null ? (
      <p className="voxcord-Spinner">{trans.__('Opening the release…')}</p>
    ) : (
      <LoadFailed error={model.error} onRetry={() => void model.load()} trans={trans} />
    );
  }
  return (
    <article className="voxcord-Page" data-release-state={release.state}>
      <header>
        <p className="voxcord-Page-kind">{trans.__('Ground truth · release')}</p>
        <h1>
          {model.project?.title ?? ''} <span data-version={release.version}>{release.version}</span>{' '}
          <StateChip release={release} trans={trans} />
        </h1>
        {release.notes !== '' && <p>{release.notes}</p>}
        <Actions {...props} release={release} />
        <Standing release={release} trans={trans} />
        <VerificationLine checking={model.checking} trans={trans} />
        {model.error !== null && (
          <p className="voxcord-Problem" role="alert">
            {messageOf(model.error)}
          </p>
        )}
      </header>
      <WhatAndHow {...props} release={release} />
      <Signatures release={release} trans={trans} />
      <section>
        <h2>{trans._n('%1 case', '%1 cases', release.cases.length)}</h2>
        {release.cases.map(one => (
          <CaseOfRelease
            key={one.caseId}
            of={one}
            pictures={model.pictures.get(one.title) ?? []}
            names={model.protocol?.content.segments ?? []}
            parent={model.parent?.version ?? null}
            onOpen={() => props.onOpenCase(one.caseId)}
            trans={trans}
          />
        ))}
      </section>
      <footer>
        <p>{trans.__('Research use. Not a medical device.')}</p>
      </footer>
    </article>
  );
}

type PartProps = ReleasePageProps & { readonly release: Release };

function Actions({ model, release, trans, onSign, onWithdraw, onDownload, onPrint, onEvaluate }: PartProps): ReactNode {
  const isReleased = release.state === 'released';
  const isPending = release.state === 'preparing' || release.state === 'signing' || release.state === 'failed';
  return (
    <div className="voxcord-Page-actions">
      {release.maySign && (
        <button className="voxcord-Button voxcord-mod-primary" data-act="sign" onClick={onSign}>
          {trans.__('Sign…')}
        </button>
      )}
      <button
        className="voxcord-Button"
        data-act="verify"
        disabled={!isReleased || model.checking.kind === 'checking'}
        title={
          isReleased
            ? trans.__('Checks every byte, the audit log and the signatures')
            : trans.__('There is something to verify once it is signed and released')
        }
        onClick={() => void model.verify()}
      >
        {trans.__('Verify')}
      </button>
      <button
        className="voxcord-Button"
        data-act="download"
        disabled={!isReleased || release.archive === null}
        title={trans.__('A self-contained folder that can be checked without Voxcord')}
        onClick={onDownload}
      >
        {release.archive === null
          ? trans.__('Download')
          : trans.__('Download (%1 MB)', threeDigits(release.archive.bytes / 1e6))}
      </button>
      {isReleased && (
        <button
          className="voxcord-Button"
          data-act="evaluate"
          title={trans.__('How good a model or a reader is against this ground truth')}
          onClick={onEvaluate}
        >
          {trans.__('Evaluate…')}
        </button>
      )}
      <button className="voxcord-Button" onClick={onPrint}>
        {trans.__('Print')}
      </button>
      {isPending && (
        <button className="voxcord-Button" data-act="withdraw" onClick={onWithdraw}>
          {trans.__('Withdraw…')}
        </button>
      )}
    </div>
  );
}

function Standing({ release, trans }: { readonly release: Release; readonly trans: TranslationBundle }): ReactNode {
  const { progress, state, signatures, signaturesNeeded } = release;
  if (progress.state === 'running') {
    return (
      <div role="status">
        <p>{progress.step === '' ? trans.__('Being put together…') : progress.step}</p>
        <progress
          className="voxcord-Progress"
          max={1}
          value={progress.done}
          aria-label={trans.__('Putting the release together')}
        />
      </div>
    );
  }
  if (progress.state === 'failed') {
    return (
      <p className="voxcord-Problem" role="alert">
        {progress.detail}
      </p>
    );
  }
  if (state !== 'signing') return null;
  if (signatures.length >= signaturesNeeded) {
    return <p role="status">{trans.__('Signed. Being sealed…')}</p>;
  }
  const missing = signaturesNeeded - signatures.length;
  return (
    <p role="status" data-missing={missing}>
      {trans._n(
        'One more signature is needed, of somebody who has not signed yet.',
        '%1 more signatures are needed, each of another person.',
        missing
      )}
    </p>
  );
}

function WhatAndHow({ model, release, trans, onOpenRelease }: PartProps): ReactNode {
  const { parent, protocol } = model;
  const content = protocol?.content;
  return (
    <section>
      <h2>{trans.__('What this is')}</h2>
      <dl className="voxcord-Facts">
        <dt>{trans.__('Purpose')}</dt>
        <dd>{content === undefined || content.dataset.purpose === '' ? '–' : content.dataset.purpose}</dd>
        <dt>{trans.__('Put together')}</dt>
        <dd>
          {instantText(release.createdAt)} · {release.createdBy.displayName}
        </dd>
        {release.releasedAt !== null && (
          <>
            <dt>{trans.__('Released')}</dt>
            <dd>{instantText(release.releasedAt)}</dd>
          </>
        )}
        {parent !== null && (
          <>
            <dt>{trans.__('Follows')}</dt>
            <dd>
              <button className="voxcord-Link" onClick={() => onOpenRelease(parent.id)}>
                {trans.__('Release %1', parent.version)}
              </button>
            </dd>
          </>
        )}
        <dt>{trans.__('Protocol')}</dt>
        <dd>
          {trans.__('version %1', release.protocolVersion)}
          {content !== undefined && ` · ${content.title}`}
        </dd>
        {content !== undefined && (
          <>
            <dt>{trans.__('How')}</dt>
            <dd>
              {trans._n('%1 reader per case', '%1 readers per case', content.readers.perCase)},{' '}
              {content.readers.blind ? trans.__('blind to each other') : trans.__('not blind')};{' '}
              {rulesText(content.consensus, trans)}
            </dd>
            <dt>{trans.__('Limits')}</dt>
            <dd>{content.dataset.limitations === '' ? '–' : content.dataset.limitations}</dd>
            <dt>{trans.__('Licence')}</dt>
            <dd>{content.dataset.licence === '' ? '–' : content.dataset.licence}</dd>
          </>
        )}
        {release.manifest !== null && (
          <>
            <dt>{trans.__('Manifest')}</dt>
            <dd>
              <code data-manifest={release.manifest}>{release.manifest}</code>
            </dd>
          </>
        )}
        <dt>{trans.__('Service key')}</dt>
        <dd>
          <code data-service-key={release.serviceKey}>{release.serviceKey}</code>
          <p className="voxcord-Row-detail">
            {trans.__(
              'Publish this fingerprint where readers of your data look for it, on your web page or in the paper: it tells this release from one that somebody else has made with keys of their own.'
            )}
          </p>
        </dd>
      </dl>
    </section>
  );
}

function Signatures({ release, trans }: { readonly release: Release; readonly trans: TranslationBundle }): ReactNode {
  return (
    <section>
      <h2>
        {trans.__('Signatures')}{' '}
        <small>{trans.__('%1 of %2', release.signatures.length, release.signaturesNeeded)}</small>
      </h2>
      {release.signatures.length === 0 && <p>{trans.__('Nobody has signed yet.')}</p>}
      <ul className="voxcord-Signatures">
        {release.signatures.map(signature => (
          <li key={signature.username}>
            <SignatureLine signature={signature} trans={trans} />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface CaseProps {
  readonly of: ReleasedCase;
  readonly pictures: readonly ReportPicture[];
  readonly names: readonly Pick<ProtocolSegment, 'number' | 'name' | 'kind'>[];
  /** Version of the release before. */
  readonly parent: string | null;
  readonly onOpen: () => void;
  readonly trans: TranslationBundle;
}

function CaseOfRelease({ of, pictures, names, parent, onOpen, trans }: CaseProps): ReactNode {
  const { title, readers, disputes, decided, segments, criteria, changes } = of;
  const nameOf = (number: number): string =>
    names.find(one => one.number === number)?.name ?? trans.__('Segment %1', number);
  return (
    <section className="voxcord-Page-case" data-released-case={of.caseId}>
      <h3>
        <button className="voxcord-Link" title={trans.__('Open its consensus')} onClick={onOpen}>
          {title}
        </button>{' '}
        <small>
          {trans._n('%1 reader', '%1 readers', readers)} ·{' '}
          {disputes === 0
            ? trans.__('no dispute')
            : trans._n('%2 of %1 dispute decided by people', '%2 of %1 disputes decided by people', disputes, decided)}
        </small>
      </h3>
      {pictures.length > 0 && (
        <div className="voxcord-Page-pictures">
          {pictures.map(({ address, caption }) => (
            <figure key={caption}>
              <img src={address} alt={caption} />
              <figcaption>{caption}</figcaption>
            </figure>
          ))}
        </div>
      )}
      <table>
        <thead>
          <tr>
            <th scope="col">{trans.__('Segment')}</th>
            <th scope="col">{trans.__('Volume, ml')}</th>
            <th scope="col">{trans.__('Lesions')}</th>
          </tr>
        </thead>
        <tbody>
          {segments.map(({ number, name, volumeMl, lesions }) => (
            <tr key={number}>
              <th scope="row">{name}</th>
              <td>{threeDigits(volumeMl)}</td>
              <td>{names.find(one => one.number === number)?.kind === 'structure' ? '–' : lesions}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {criteria.length > 0 && <CriteriaRows criteria={criteria} trans={trans} />}
      {changes !== null && (
        <div data-changes={changes.length}>
          <h4>{trans.__('Changes since %1', parent ?? trans.__('the release before'))}</h4>
          {changes.length === 0 ? (
            <p>{trans.__('None: the labels are the same, voxel by voxel.')}</p>
          ) : (
            <table>
              <thead>
                <tr>
                  <th scope="col">{trans.__('What')}</th>
                  <th scope="col">{trans.__('Segment')}</th>
                  <th scope="col">{trans.__('Volume, ml')}</th>
                  <th scope="col">{trans.__('Boundary, mean')}</th>
                </tr>
              </thead>
              <tbody>
                {changes.map((change, n) => (
                  <tr key={n}>
                    <th scope="row">{changeText(change, trans)}</th>
                    <td>{nameOf(change.segment)}</td>
                    <td>{signed(change.volumeAfterMl - change.volumeBeforeMl)}</td>
                    <td>{movementText(change.meanMovement, trans)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </div>
      )}
    </section>
  );
}
