import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where servers and tools are kept, for all clones of a user: each in a folder that names its version. */
export const TOOL_CACHE = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'byob-operator', 'tools');
