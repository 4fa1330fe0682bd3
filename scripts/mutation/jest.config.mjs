import config from '../../jest.config.mjs';

const unit = config.projects.find(({ displayName }) => displayName === 'unit');

/**
 * The tests beside the rules. Those of the controllers, and the stories of the model, take too long for each change of the
 * code: for each one, all test files that import it are loaded.
 */
export default {
  ...unit,
  rootDir: '../..',
  // Not by `roots`: which tests belong to a file is found through all files between them, such as those of test/support.
  testMatch: ['<rootDir>/src/domain/**/*.test.ts', '<rootDir>/src/checks/**/*.test.ts'],
};
