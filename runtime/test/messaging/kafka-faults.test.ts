import { runCases } from './support/cases.ts';
import { kafka } from './support/transports.ts';
import { faultCases } from './suites/fault-cases.ts';

runCases(kafka, faultCases);
