/** Takes a value of the type that is named and of no other. Declared only: the files here are compiled, never run. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- naming the type is what it is for
export declare function takes<T>(value: T): void;
