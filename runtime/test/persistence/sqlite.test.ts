import { persistenceSuites } from './persistence-suites.ts';

persistenceSuites({ name: 'SQLite', server: '', skip: false });
