// Prints the failed checks of the failed scenarios: node failures.mjs DIRECTORY <SUMMARY
import { readdirSync, readFileSync } from 'node:fs';

const directory = process.argv[2];
const failed = new Set([...readFileSync(0, 'utf8').matchAll(/^✗ (\S+):/gm)].map((line) => line[1]));
const isFailed = (file) => {
  const name = file.replace(/-\d{4}-\d{2}-\d{2}T[^/]*\/checks\.json$/, '');
  return failed.has(name) || failed.has(name.replace(/^server-/, ''));
};
for (const file of readdirSync(directory, { recursive: true }).filter((name) => name.endsWith('checks.json')).sort()) {
  for (const check of isFailed(file) ? JSON.parse(readFileSync(`${directory}/${file}`, 'utf8')) : []) {
    if (check.status === 'FAILURE' || check.status === 'WARNING') {
      console.log(`  ${check.status} ${check.id}: ${check.errorMessage ?? check.description}`);
    }
  }
}
