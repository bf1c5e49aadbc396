import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { type ISignal, Signal } from '@lumino/signaling';
import type { BrushSettings, Convention } from '../viewer/index.js';

export interface PreferenceValues {
  readonly convention: Convention;
  /** Keep volumes and unsaved changes in this browser. Off for shared computers. */
  readonly keepOnThisComputer: boolean;
  readonly brush: BrushSettings;
  readonly interpolate: boolean;
  readonly outlineWidth: number;
  /** A pen's pressure sizes the brush. */
  readonly pressureSize: boolean;
  /** 0 to 1. */
  readonly opacity: number;
}

const DEFAULTS: PreferenceValues = {
  convention: 'radiological',
  keepOnThisComputer: true,
  brush: { shape: 'disc', radiusMm: 6 },
  interpolate: true,
  outlineWidth: 1,
  pressureSize: false,
  opacity: 0.4
};

/** A person's settings of Voxcord, from JupyterLab's settings where they are available. */
export class Preferences {
  private _values = DEFAULTS;
  private readonly _changed = new Signal<this, void>(this);

  get values(): PreferenceValues {
    return this._values;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  follow(settings: ISettingRegistry.ISettings): void {
    const read = (): void => {
      this._values = valuesOf(settings.composite);
      this._changed.emit();
    };
    settings.changed.connect(read);
    read();
  }
}

/** The schema of the settings has checked types and ranges. */
function valuesOf(composite: Readonly<Record<string, unknown>>): PreferenceValues {
  const number = (name: string, otherwise: number): number => {
    const value = composite[name];
    return typeof value === 'number' ? value : otherwise;
  };
  return {
    convention: composite['convention'] === 'neurological' ? 'neurological' : 'radiological',
    keepOnThisComputer: composite['keepOnThisComputer'] !== false,
    brush: {
      shape: composite['brushShape'] === 'sphere' ? 'sphere' : 'disc',
      radiusMm: number('brushRadius', DEFAULTS.brush.radiusMm)
    },
    interpolate: composite['interpolate'] !== false,
    outlineWidth: number('outlineWidth', DEFAULTS.outlineWidth),
    pressureSize: composite['pressureSize'] === true,
    opacity: number('opacity', DEFAULTS.opacity)
  };
}
