import { test as base } from '@playwright/test';
import { Deployment, type TestCase } from './deployment.js';
import { Person } from './person.js';

/** Starting JupyterLab and signing in take long: once per worker. Each test has a case of its own. */
interface WorkerFixtures {
  readonly deployment: Deployment;
  readonly adaAtWork: Person;
  readonly benAtWork: Person;
  readonly caraAtWork: Person;
}

interface TestFixtures {
  readonly ada: Person;
  readonly ben: Person;
  readonly cara: Person;
  /** A new case on the plain volume. */
  readonly testCase: TestCase;
}

const SLOW = { scope: 'worker', timeout: 180_000 } as const;

export const test = base.extend<TestFixtures, WorkerFixtures>({
  deployment: [
    async ({ browserName: _ }, use) => {
      const deployment = await Deployment.start();
      await use(deployment);
      await deployment.stop();
    },
    SLOW
  ],
  adaAtWork: [
    async ({ browser, deployment }, use) => {
      const ada = await Person.signIn(browser, deployment, 'ada');
      await use(ada);
      await ada.leave();
    },
    SLOW
  ],
  benAtWork: [
    async ({ browser, deployment }, use) => {
      const ben = await Person.signIn(browser, deployment, 'ben');
      await use(ben);
      await ben.leave();
    },
    SLOW
  ],
  caraAtWork: [
    async ({ browser, deployment }, use) => {
      const cara = await Person.signIn(browser, deployment, 'cara');
      await use(cara);
      await cara.leave();
    },
    SLOW
  ],
  ada: async ({ adaAtWork }, use) => {
    await use(adaAtWork);
    await adaAtWork.tidyUp();
  },
  ben: async ({ benAtWork }, use) => {
    await use(benAtWork);
    await benAtWork.tidyUp();
  },
  cara: async ({ caraAtWork }, use) => {
    await use(caraAtWork);
    await caraAtWork.tidyUp();
  },
  testCase: async ({ deployment }, use) => {
    await use(await deployment.newCase());
  }
});

export { expect } from '@playwright/test';
