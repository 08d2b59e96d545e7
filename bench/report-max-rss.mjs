// Loaded into a measured process with --import: tells on descriptor 3 how large it has been, in kilobytes.
import { writeSync } from 'node:fs';

process.on('exit', () => writeSync(3, String(process.resourceUsage().maxRSS)));
