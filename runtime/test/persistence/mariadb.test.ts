import { mariadb } from '../backends.ts';
import { persistenceSuites } from './persistence-suites.ts';

persistenceSuites({ name: 'MariaDB', server: mariadb.url, skip: mariadb.skip });
