import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { ReactNode } from 'react';
import type { CaseInFront } from '../case/caseInFront.js';
import type { CaseView } from '../case/caseView.js';
import { CommandIDs } from '../commandIds.js';
import { CaseModels } from '../models/caseModels.js';
import type { VoxcordModels } from '../models/voxcordModels.js';
import { Instructions, ReadSection, SubmitButton } from '../reading/readSection.js';
import { IconButton } from '../ui/iconButton.js';
import { caseIcon, redoMineIcon, undoMineIcon } from '../ui/icons.js';
import { LayerList } from './layerList.js';
import { Section } from './section.js';
import { SegmentList } from './segmentList.js';
import { ToolBox } from './toolBox.js';
import { TrackedPanel } from './trackedPanel.js';

/** Left panel: what is there and what one paints with. */
export class CasePanel extends TrackedPanel {
  constructor(
    front: CaseInFront,
    private readonly commands: CommandRegistry,
    private readonly activateCase: (id: string) => void,
    /** Null: nothing is said of models. */
    private readonly models: VoxcordModels | null,
    private readonly trans: TranslationBundle
  ) {
    super(front);
    this.id = 'voxcord-case-panel';
    this.title.icon = caseIcon;
    this.title.caption = trans.__('Voxcord case');
    this.addClass('voxcord-Panel');
  }

  protected override draw(view: CaseView | null): ReactNode {
    const { trans } = this;
    if (view === null) return this.empty();
    const session = view.model.session;
    return (
      <>
        <div className="voxcord-Panel-body">
          <LayerList view={view} trans={trans} />
          {this.models !== null && (
            <CaseModels view={view} models={this.models} commands={this.commands} trans={trans} />
          )}
          {session !== null && <SegmentList view={view} session={session} trans={trans} />}
          <Instructions view={view} trans={trans} />
          {session !== null && <ToolBox view={view} trans={trans} />}
          <ReadSection view={view} commands={this.commands} trans={trans} />
        </div>
        {session !== null && (
          <div className="voxcord-Panel-foot">
            <IconButton
              icon={undoMineIcon}
              {...(view.reading.mayOfferSubmission ? {} : { text: trans.__('Undo mine') })}
              label={trans.__('Undo my last stroke (Z)')}
              isDisabled={!session.labels.canUndo || !session.mayPaint}
              onClick={() => void this.commands.execute(CommandIDs.undo)}
            />
            <IconButton
              icon={redoMineIcon}
              label={trans.__('Redo my last undone stroke (Shift Z)')}
              isDisabled={!session.labels.canRedo || !session.mayPaint}
              onClick={() => void this.commands.execute(CommandIDs.redo)}
            />
            <span className="voxcord-Panel-spacer" />
            <SubmitButton view={view} commands={this.commands} trans={trans} />
          </div>
        )}
      </>
    );
  }

  private empty(): ReactNode {
    const { front, trans } = this;
    return (
      <div className="voxcord-Panel-body">
        <div className="voxcord-Empty">
          <p>{front.open.length === 0 ? trans.__('No case is open.') : trans.__('Another document is in front.')}</p>
          <p>
            {trans.__(
              'The layers, segments and painting tools of the case in front appear here. A case holds images of one patient and what was painted on them.'
            )}
          </p>
        </div>
        {front.open.length > 0 && (
          <Section title={trans.__('Open cases')}>
            <ul className="voxcord-Rows">
              {front.open.map(({ id, view }) => (
                <li key={id} className="voxcord-Row">
                  <button className="voxcord-Row-main" onClick={() => this.activateCase(id)}>
                    <span className="voxcord-Row-name">{view.model.title}</span>
                  </button>
                </li>
              ))}
            </ul>
          </Section>
        )}
        <div className="voxcord-Actions">
          <button className="voxcord-Button" onClick={() => void this.commands.execute(CommandIDs.openHome)}>
            {trans.__('Choose or start a case')}
          </button>
        </div>
      </div>
    );
  }
}
