/** What only the tests of other packages look at; `npm run tidy` keeps it out of what is shipped. */
export { maxTextChars } from "./audit/redaction.ts";
export { readInviteToken } from "./registration/invite-token.ts";
export { createUserFactsCache } from "./user-facts/user-facts-cache.ts";
