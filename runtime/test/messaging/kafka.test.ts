import { runCases } from './support/cases.ts';
import { busCases } from './suites/bus-cases.ts';
import { kafka } from './support/transports.ts';

runCases(kafka, busCases);
