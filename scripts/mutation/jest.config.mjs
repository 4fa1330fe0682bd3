import config from '../../jest.config.mjs';

const unit = config.projects.find(({ displayName }) => displayName === 'unit');

/** The tests beside the rules. The stories of the model take too long for each change of the code. */
export default {
  ...unit,
  rootDir: '../..',
  roots: ['<rootDir>/src'],
};
