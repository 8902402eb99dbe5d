export type X = number;
