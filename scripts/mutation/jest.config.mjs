import config from '../../jest.config.mjs';

const unit = config.projects.find(({ displayName }) => displayName === 'unit');

/**
 * The tests beside the rules. Those of the controllers, and the stories of the model, take too long for each change of the
 * code: for each one, all test files that import it are loaded.
 */
export default {
  ...unit,
  rootDir: '../..',
  roots: ['<rootDir>/src/domain', '<rootDir>/src/checks'],
};
