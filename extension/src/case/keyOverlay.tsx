import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';
import type { Message } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import type { JSX, ReactNode } from 'react';
import { CommandIDs } from '../commandIds.js';

const SCROLL_KEYS: ReadonlySet<string> = new Set(['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End']);
const MODIFIERS: ReadonlySet<string> = new Set(['Shift', 'Control', 'Alt', 'AltGraph', 'Meta']);

/** Lists the keys of Voxcord over the case, as they are set now. Any key or click closes it. */
export class KeyOverlay extends ReactWidget {
  private readonly returnTo = document.activeElement;

  constructor(
    private readonly commands: CommandRegistry,
    private readonly trans: TranslationBundle
  ) {
    super();
    this.addClass('voxcord-KeyOverlay');
    this.node.tabIndex = -1;
    // While the list is there a key closes it and does nothing else.
    this.node.dataset['lmSuppressShortcuts'] = 'true';
    this.node.addEventListener('click', () => this.close());
    this.node.addEventListener('keydown', this.onKey);
  }

  /** Shows it over `host`, which has a place of its own on the page. */
  static show(host: Widget, commands: CommandRegistry, trans: TranslationBundle): void {
    if (host.node.querySelector('.voxcord-KeyOverlay') !== null) return;
    const overlay = new KeyOverlay(commands, trans);
    host.disposed.connect(() => overlay.dispose());
    Widget.attach(overlay, host.node);
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    this.node.focus({ preventScroll: true });
  }

  protected override onCloseRequest(): void {
    const { returnTo } = this;
    if (returnTo instanceof HTMLElement && this.node.contains(document.activeElement)) {
      returnTo.focus({ preventScroll: true });
    }
    this.dispose();
  }

  override dispose(): void {
    if (this.isDisposed) return;
    if (this.isAttached) Widget.detach(this);
    super.dispose();
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    event.stopPropagation();
    if (MODIFIERS.has(event.key) || SCROLL_KEYS.has(event.key)) return;
    event.preventDefault();
    this.close();
  };

  protected override render(): JSX.Element {
    const { trans } = this;
    return (
      <div className="voxcord-KeyOverlay-sheet" role="dialog" aria-modal="true" aria-label={trans.__('Keys')}>
        <div className="voxcord-KeyOverlay-groups">
          {this.groups().map(({ title, entries }) => (
            <section key={title}>
              <h2>{title}</h2>
              <dl>
                {entries.map(({ keys, label }) => (
                  <div key={label}>
                    <dt>{keys.map(keyCap)}</dt>
                    <dd>{label}</dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </div>
        <p>
          {trans.__(
            'Drag changes the window while the window tool is chosen. The wheel changes the slice, Ctrl and wheel zoom, the middle button pans. Settings › Keyboard Shortcuts changes the keys.'
          )}
        </p>
      </div>
    );
  }

  /** Painting first, then everything else that has a key now. */
  private groups(): { title: string; entries: Entry[] }[] {
    const entries = this.entries();
    const inOrder = (commands: readonly string[]): Entry[] =>
      commands.flatMap(command => entries.filter(entry => entry.command === command));
    const [painting, looking] = [inOrder(PAINTING), inOrder(LOOKING)];
    const others = entries.filter(entry => !painting.includes(entry) && !looking.includes(entry));
    return [
      { title: this.trans.__('Paint'), entries: painting },
      { title: this.trans.__('Look'), entries: [...looking, ...others] }
    ];
  }

  private entries(): Entry[] {
    const byLabel = new Map<string, Entry>();
    for (const { command, args, keys } of this.commands.keyBindings) {
      if (!command.startsWith('voxcord:') || !this.commands.hasCommand(command)) continue;
      // Nine rows that say the same would hide the others.
      const label = this.commands.label(command, command === CommandIDs.segment ? {} : args);
      const entry = byLabel.get(label) ?? { command, keys: [], label };
      entry.keys.push(CommandRegistry.formatKeystroke(keys));
      byLabel.set(label, entry);
    }
    return [...byLabel.values()];
  }
}

interface Entry {
  readonly command: string;
  readonly keys: string[];
  readonly label: string;
}

const PAINTING: readonly string[] = [
  CommandIDs.segment,
  CommandIDs.tool,
  CommandIDs.brushSize,
  CommandIDs.brushShape,
  CommandIDs.undo,
  CommandIDs.redo,
  CommandIDs.proposeHere,
  CommandIDs.acceptProposal,
  CommandIDs.takeClickBack,
  CommandIDs.refuseProposal,
  CommandIDs.cancelStroke
];

const LOOKING: readonly string[] = [
  CommandIDs.slice,
  CommandIDs.zoom,
  CommandIDs.resetView,
  CommandIDs.hideOverlays,
  CommandIDs.toggleSegment,
  CommandIDs.foldPanels,
  CommandIDs.fullScreen
];

function keyCap(key: string, n: number, keys: readonly string[]): ReactNode {
  if (keys.length > 3 && n > 0 && n < keys.length - 1) return n === 1 ? ' … ' : null;
  return (
    <kbd key={key} className="voxcord-Key">
      {key}
    </kbd>
  );
}
