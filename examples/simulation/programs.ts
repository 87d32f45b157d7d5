/**
 * The programs that can be run under simulation, by name.
 */
import type { SimulatedApp, SimulationOptions } from 'troupe/testkit'
import { bank, faults } from './bank.js'
import { carefulClerk, transfer } from './transfer.js'

/** A program and what may go wrong in it. */
export interface Program {
  readonly app: SimulatedApp
  readonly options: SimulationOptions
}

export const programs: Readonly<Record<string, Program>> = {
  bank: { app: bank(), options: { faults } },
  'transfer-race': { app: transfer(), options: {} },
  'transfer-mended': { app: transfer(carefulClerk), options: {} },
}
