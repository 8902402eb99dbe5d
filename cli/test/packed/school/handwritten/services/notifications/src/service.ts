import { defineService } from './generated/service.ts';

export default defineService(({ publish }) => ({
  academic: {
    markWelcomed: (tx, enrollmentId) => publish.markWelcomed(tx, { enrollmentId }, { key: enrollmentId }),
  },
}));
