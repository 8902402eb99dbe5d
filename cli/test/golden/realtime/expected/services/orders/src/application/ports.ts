/** What the handlers need from outside: interfaces, which adapters implement and `service.ts` brings together. */
export {};
