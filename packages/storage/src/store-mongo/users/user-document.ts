import type { User } from "@echoo/core";

export interface UserDocument extends Omit<User, "id"> {
  readonly _id: string;
}

export function toUser({ _id: id, ...rest }: UserDocument): User {
  return { id, ...rest };
}
