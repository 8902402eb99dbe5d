/** Ends the process by an uncaught error: thrown outside of anything that could catch it. Whoever supervises it starts it anew. */
export const endProcess = (error: Error): void => {
  setImmediate(() => {
    throw error;
  });
};
