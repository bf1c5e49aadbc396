import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright';

const INSTALLED = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(path =>
  existsSync(path)
);
const DOWNLOADED = existsSync(chromium.executablePath()) ? chromium.executablePath() : undefined;

/** A browser to test in; undefined where there is none. */
export const CHROMIUM: string | undefined = DOWNLOADED ?? INSTALLED;

/** Starts Chromium with WebGL2 in software, talking to nobody by itself. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    ...(CHROMIUM === undefined ? {} : { executablePath: CHROMIUM }),
    args: [
      '--no-sandbox',
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
      '--ignore-gpu-blocklist',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync'
    ]
  });
}
