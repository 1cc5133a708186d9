import { describeSecrets } from './secrets.suite.ts';

describeSecrets('secrets', {});
