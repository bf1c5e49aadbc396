import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';
import { Widget } from '@lumino/widgets';
import type { JSX } from 'react';

/** Lists the keys of Voxcord over the case, as they are set now. Any key or click closes it. */
export class KeyOverlay extends ReactWidget {
  constructor(
    private readonly commands: CommandRegistry,
    private readonly trans: TranslationBundle
  ) {
    super();
    this.addClass('voxcord-KeyOverlay');
  }

  /** Shows it over `host`, or hides the one that is there. */
  static toggle(host: Widget, commands: CommandRegistry, trans: TranslationBundle): void {
    const shown = host.node.querySelector('.voxcord-KeyOverlay');
    if (shown !== null) {
      shown.dispatchEvent(new CustomEvent('voxcord-close'));
      return;
    }
    const overlay = new KeyOverlay(commands, trans);
    const close = (event: Event): void => {
      if (event instanceof KeyboardEvent && event.key === 'Escape') event.stopPropagation();
      host.node.removeEventListener('keydown', close, true);
      host.disposed.disconnect(dispose);
      dispose();
    };
    const dispose = (): void => {
      if (overlay.isAttached) Widget.detach(overlay);
      overlay.dispose();
    };
    overlay.node.addEventListener('click', close);
    overlay.node.addEventListener('voxcord-close', close);
    host.disposed.connect(dispose);
    Widget.attach(overlay, host.node);
    // The key press that opened it is still on its way.
    setTimeout(() => host.node.addEventListener('keydown', close, true));
  }

  protected override render(): JSX.Element {
    return (
      <div className="voxcord-KeyOverlay-sheet" role="dialog" aria-label={this.trans.__('Keys')}>
        <h2>{this.trans.__('Keys')}</h2>
        <dl>
          {this.keys().map(({ id, keys, label }) => (
            <div key={id}>
              <dt>
                {keys.map(key => (
                  <kbd key={key} className="voxcord-Key">
                    {key}
                  </kbd>
                ))}
              </dt>
              <dd>{label}</dd>
            </div>
          ))}
        </dl>
        <p>
          {this.trans.__(
            'Settings › Keyboard Shortcuts changes them. Drag sets the window, the wheel changes the slice, Ctrl and wheel zoom, the middle button pans.'
          )}
        </p>
      </div>
    );
  }

  private keys(): { id: string; keys: string[]; label: string }[] {
    const byCommand = new Map<string, { id: string; keys: string[]; label: string }>();
    for (const { command, args, keys } of this.commands.keyBindings) {
      if (!command.startsWith('voxcord:') || !this.commands.hasCommand(command)) continue;
      const label = this.commands.label(command, args);
      const entry = byCommand.get(label) ?? { id: label, keys: [], label };
      entry.keys.push(CommandRegistry.formatKeystroke(keys));
      byCommand.set(label, entry);
    }
    return [...byCommand.values()];
  }
}
