import type { JupyterFrontEnd } from '@jupyterlab/application';
import { MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import type { LabIcon } from '@jupyterlab/ui-components';
import type { Widget } from '@lumino/widgets';

/** Pages of one kind in the main area, at most one for each subject. */
export class Pages<Content extends Widget> {
  readonly tracker: WidgetTracker<MainAreaWidget<Content>>;

  /** `namespace` is that of the layout that JupyterLab restores. */
  constructor(
    private readonly namespace: string,
    private readonly shell: JupyterFrontEnd.IShell,
    private readonly icon: LabIcon
  ) {
    this.tracker = new WidgetTracker({ namespace });
  }

  /** The page about `subject`, brought to the front; null if there is none. */
  reveal(subject: string): MainAreaWidget<Content> | null {
    const id = this.idOf(subject);
    const open = this.tracker.find(widget => widget.id === id);
    if (open === undefined) return null;
    this.shell.activateById(id);
    return open;
  }

  /** Opens a page about `subject` and brings it to the front. */
  add(subject: string, label: string, content: Content): MainAreaWidget<Content> {
    const widget = new MainAreaWidget({ content });
    widget.toolbar.hide();
    widget.id = this.idOf(subject);
    widget.title.label = label;
    widget.title.icon = this.icon;
    widget.title.closable = true;
    void this.tracker.add(widget);
    this.shell.add(widget, 'main', { type: 'Voxcord' });
    this.shell.activateById(widget.id);
    return widget;
  }

  private idOf(subject: string): string {
    return `${this.namespace}-${subject}`;
  }
}
