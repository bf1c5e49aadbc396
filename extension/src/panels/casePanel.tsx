import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { ReactNode } from 'react';
import type { CaseTracker } from '../case/caseTracker.js';
import type { CaseView } from '../case/caseView.js';
import { CommandIDs } from '../commandIds.js';
import { IconButton } from '../ui/iconButton.js';
import { caseIcon, redoMineIcon, undoMineIcon } from '../ui/icons.js';
import { LayerList } from './layerList.js';
import { SegmentList } from './segmentList.js';
import { ToolBox } from './toolBox.js';
import { TrackedPanel } from './trackedPanel.js';

/** Left panel: what is there and what one paints with. */
export class CasePanel extends TrackedPanel {
  constructor(
    tracker: CaseTracker,
    private readonly commands: CommandRegistry,
    private readonly trans: TranslationBundle
  ) {
    super(tracker);
    this.id = 'voxcord-case-panel';
    this.title.icon = caseIcon;
    this.title.caption = trans.__('Voxcord case');
    this.addClass('voxcord-Panel');
  }

  protected override draw(view: CaseView | null): ReactNode {
    const { trans } = this;
    if (view === null) {
      return (
        <div className="voxcord-Empty">
          <p>{trans.__('No case is open.')}</p>
          <p>{trans.__('Layers, segments and painting tools of the case in front appear here.')}</p>
          <button
            className="voxcord-Button voxcord-mod-primary"
            onClick={() => void this.commands.execute(CommandIDs.openHome)}
          >
            {trans.__('Choose a case')}
          </button>
        </div>
      );
    }
    const session = view.model.session;
    return (
      <>
        <div className="voxcord-Panel-body">
          <LayerList view={view} trans={trans} />
          {session !== null && <SegmentList view={view} session={session} trans={trans} />}
          {session !== null && <ToolBox view={view} trans={trans} />}
        </div>
        {session !== null && (
          <div className="voxcord-Panel-foot">
            <IconButton
              icon={undoMineIcon}
              text={trans.__('Undo mine')}
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
          </div>
        )}
      </>
    );
  }
}
