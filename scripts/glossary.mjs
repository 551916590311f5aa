// @ts-check
/**
 * Words that the code does not use, because the trade has others that an engineer would search for. `npm run words` counts them in
 * comments, messages and titles of tests; a test holds each row to `most`, which is only ever lowered.
 * @type {readonly { not: RegExp, but: string, most: number }[]}
 */
export const glossary = [
  { not: /\bwhere\b/gi, but: 'if, when; "where" only of a place', most: 62 },
  { not: /\bthat of which\b|\bof (?:those|that) (?:that|which)\b/gi, but: 'a plain noun', most: 0 },
  { not: /\b(?:makes?|made)\b/gi, but: 'creates, created, recreated', most: 58 },
  { not: /\b(?:gives?|gave|given|tells?|told|says?|said)\b/gi, but: 'returns, reports', most: 163 },
  { not: /\b(?:takes?|taken|took)\b/gi, but: 'accepts', most: 71 },
  { not: /\bgone\b|\bno longer there\b/gi, but: 'deleted, missing, expired', most: 4 },
  {
    not: /\bon (?:its|their) way\b|\bunderway\b|\bremember(?:s|ed)?\b/gi,
    but: 'in flight, cached',
    most: 5,
  },
  { not: /\bleast lately used\b|\bthrown out\b/gi, but: 'LRU, evicted', most: 0 },
  { not: /\btoo old to be right\b/gi, but: 'stale', most: 0 },
  { not: /\bonce and no more\b|\band only once\b/gi, but: 'at most once, exactly once', most: 0 },
  { not: /\btwice the same\b/gi, but: 'idempotent', most: 0 },
  { not: /\ball or nothing\b/gi, but: 'atomic', most: 0 },
  { not: /\btwo at once\b/gi, but: 'concurrent, race', most: 0 },
  {
    not: /\b(?:whoever|somebody|anybody|nobody|everybody|those who)\b/gi,
    but: 'the caller, the user, no user',
    most: 35,
  },
  { not: /\bspoil(?:ed|s)?\b|\bmend(?:ed|s)?\b/gi, but: 'corrupt, fixed, to fix it', most: 3 },
  {
    not: /\bfates?\b|\blasting admins?\b|\bwitness(?:es)?\b|\bworlds?\b/gi,
    but: 'outcome, permanent admin, lookup, fixture',
    most: 10,
  },
  { not: /\banew\b|\bapart\b|\balone\b|\bat all\b/gi, but: 'again, separate, only', most: 28 },
];
