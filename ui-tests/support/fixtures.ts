import { test as base } from '@playwright/test';
import { Deployment, type TestCase } from './deployment.js';
import { Person } from './person.js';

interface WorkerFixtures {
  readonly deployment: Deployment;
}

interface TestFixtures {
  readonly ada: Person;
  readonly ben: Person;
  /** A new case on the plain volume. */
  readonly testCase: TestCase;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  deployment: [
    async ({ browserName: _ }, use) => {
      const deployment = await Deployment.start();
      await use(deployment);
      await deployment.stop();
    },
    { scope: 'worker', timeout: 180_000 }
  ],
  ada: async ({ browser, deployment }, use) => {
    const ada = await Person.signIn(browser, deployment, 'ada');
    await use(ada);
    await ada.leave();
  },
  ben: async ({ browser, deployment }, use) => {
    const ben = await Person.signIn(browser, deployment, 'ben');
    await use(ben);
    await ben.leave();
  },
  testCase: async ({ deployment }, use) => {
    await use(await deployment.newCase());
  }
});

export { expect } from '@playwright/test';
