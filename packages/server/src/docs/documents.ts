import { asyncApiDocument, openApiDocument } from "@echoo/protocol/generate";
import { messagesPage } from "./messages-page.ts";
import { restPage } from "./rest-page.ts";

/** `host` where users have the ids of the host product. */
export const userKinds = ["phone", "host"] as const;
export type UserKind = (typeof userKinds)[number];

/** The documents that are generated, by the names of their files. They follow from the version and the kind of users. */
export type DocumentName = "openapi.json" | "asyncapi.json" | "rest.html" | "messages.html";

const generators: Readonly<Record<DocumentName, (version: string, users: UserKind) => string>> = {
  "openapi.json": (version, users) => JSON.stringify(openApiDocument(version, users)),
  "asyncapi.json": (version) => JSON.stringify(asyncApiDocument(version)),
  "rest.html": restPage,
  "messages.html": messagesPage,
};

export const documentNames = Object.keys(generators) as readonly DocumentName[];

export function generateDocument(name: DocumentName, version: string, users: UserKind): string {
  return generators[name](version, users);
}
