import type { User } from "@echoo/core";

export interface UserDocument extends Omit<User, "id"> {
  readonly _id: string;
  /** Its creation was not told yet. */
  readonly untold?: true;
}

export function toUser({ _id: id, untold: _untold, ...rest }: UserDocument): User {
  return { id, ...rest };
}
