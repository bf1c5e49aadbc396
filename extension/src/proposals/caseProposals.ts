import type { TranslationBundle } from '@jupyterlab/translation';
import { affineFromRows, invert, transformPoint } from '@voxcord/schemas/geometry';
import type { CaseView } from '../case/caseView.js';
import type { VoxcordApi } from '../client/index.js';
import { tellProblem } from '../ui/notices.js';
import { messageOf } from '../client/index.js';
import type { Pointed, Vector } from '../viewer/index.js';
import { proposalOverlays } from './proposalOverlays.js';
import { Proposing } from './proposing.js';

const TURN_MS = 1200;
const FRAME_MS = 80;
const NO_SEGMENT = '#ffffff';

/** Proposals in one case: from the pointer to the stroke. */
export class CaseProposals {
  readonly proposing: Proposing;
  private timer: ReturnType<typeof setInterval> | undefined;
  private wasActive = false;
  private wasChosen = false;

  constructor(
    private readonly view: CaseView,
    api: VoxcordApi,
    private readonly trans: TranslationBundle
  ) {
    this.proposing = new Proposing(api);
    this.proposing.changed.connect(() => this.show());
    this.proposing.modelAnswered.connect(() => void view.reading.refreshOrigins());
    view.viewer.pointed.connect((_, pointed) => this.point(pointed));
    view.changed.connect(this.onView);
  }

  /** Points at the crosshair, for those who use no pointer. */
  pointAtCrosshair(on: boolean): void {
    const { viewer, whyNotPaint } = this.view;
    if (whyNotPaint !== null) viewer.tell(whyNotPaint);
    else this.point({ places: [viewer.crosshair], on });
  }

  /** Paints what is proposed as one stroke of the segment that is chosen. */
  accept(): void {
    const { proposing, view, trans } = this;
    const { viewer, segment } = view;
    const { session } = view.model;
    const { proposed } = proposing;
    if (proposed === null || proposing.isAsking || session === null) return;
    if (view.whyNotPaint !== null) {
      viewer.tell(view.whyNotPaint);
      return;
    }
    if (segment === null) {
      viewer.tell(trans.__('Choose a segment to paint first.'));
      return;
    }
    const region = proposed.voxels.regionToPaint(viewer.accepts);
    if (region === null) {
      viewer.tell(trans.__('The rule of what may be painted over leaves nothing of this proposal.'));
      return;
    }
    try {
      session.beginStroke();
      session.labels.paint(region, segment, 'proposal');
      proposing.end();
    } catch (reason) {
      tellProblem(messageOf(reason));
    }
  }

  dispose(): void {
    clearInterval(this.timer);
    this.proposing.dispose();
  }

  private point(pointed: Pointed): void {
    if (this.proposing.point(pointed)) return;
    this.view.viewer.tell(this.trans.__('Click on what you mean first; then take away what is beside it.'));
  }

  private readonly onView = (): void => {
    const { model, whyNotPaint } = this.view;
    const { session, volume } = model;
    const mayPropose = session !== null && volume !== null && whyNotPaint === null;
    this.proposing.setSubject(
      mayPropose ? { readId: session.read.id, volume: volume.hash, dims: volume.grid.dims } : null
    );
    const isChosen = this.view.tool === 'propose';
    if (isChosen && !this.wasChosen) void this.proposing.loadModels();
    this.wasChosen = isChosen;
    // The colour of the segment may be another one.
    if (this.proposing.isActive) this.draw();
  };

  private show(): void {
    const { isActive, isAsking } = this.proposing;
    if (isAsking && this.timer === undefined) this.timer = setInterval(() => this.draw(), FRAME_MS);
    if (!isAsking) {
      clearInterval(this.timer);
      this.timer = undefined;
    }
    this.view.toggleClass('voxcord-mod-proposing', isActive);
    if (isActive || this.wasActive) this.draw();
    this.wasActive = isActive;
  }

  private draw(): void {
    const { model, segment, viewer } = this.view;
    const { volume, segments } = model;
    if (volume === null) return;
    const toVoxel = invert(affineFromRows(volume.grid.affine));
    viewer.raisedOverlays = proposalOverlays(this.proposing, {
      colour: segments.find(({ number }) => number === segment)?.colour ?? NO_SEGMENT,
      dims: volume.grid.dims,
      toVoxel: (world: Vector) => transformPoint(toVoxel, world),
      turn: (performance.now() % TURN_MS) / TURN_MS
    });
  }
}
