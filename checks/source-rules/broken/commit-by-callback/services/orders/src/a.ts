export const save = async (trx: { commit(): Promise<void> }) => {
  await trx.commit();
};
