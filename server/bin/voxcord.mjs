#!/usr/bin/env node
import { runCommand } from '../lib/cli/program.js';

process.exitCode = await runCommand(process.argv.slice(2));
