/** A service account of Firebase, as its JSON file has it. */
export interface FcmCredentials {
  readonly projectId: string;
  readonly clientEmail: string;
  /** PKCS #8, PEM. */
  readonly privateKey: string;
  readonly tokenUri: string;
}

/** Undefined for text that is no such file. */
export function readFcmCredentials(text: string): FcmCredentials | undefined {
  try {
    const { project_id, client_email, private_key, token_uri } = JSON.parse(text) as Record<string, unknown>;
    const found = { projectId: project_id, clientEmail: client_email, privateKey: private_key, tokenUri: token_uri };
    const isWhole = Object.values(found).every((value) => typeof value === "string" && value !== "");
    return isWhole ? (found as FcmCredentials) : undefined;
  } catch {
    return undefined;
  }
}
