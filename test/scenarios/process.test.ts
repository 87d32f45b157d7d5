/**
 * What keeps a process alive: each test is a process of its own, so these run in real time.
 */
import { spawn } from 'node:child_process'
import { describe, expect, it } from 'vitest'

interface Ended {
  readonly output: string
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** Runs a program that finds `ActorSystem`, `Behaviors` and a silent `options`; ends it by force after `limitMs`. */
const run = (program: string, limitMs = 20_000): Promise<Ended> =>
  new Promise((resolve) => {
    const source = `
      import { ActorSystem, Behaviors } from 'troupe'
      const options = { logger: { log: () => undefined } }
      ${program}`
    const child = spawn(
      process.execPath,
      ['--conditions=troupe-source', '--import', './.ci/typescript.mjs', '--input-type=module', '--eval', source],
      { stdio: ['ignore', 'pipe', 'pipe'], timeout: limitMs },
    )
    let output = ''
    child.stdout.on('data', (data: Buffer) => {
      output += data.toString()
    })
    child.stderr.on('data', (data: Buffer) => {
      output += data.toString()
    })
    child.on('close', (code, signal) => {
      resolve({ output: output.trim(), code, signal })
    })
  })

describe.concurrent('the life of the process (real time)', () => {
  it('ends while a system is idle', { timeout: 30_000 }, async () => {
    const ended = await run(`
      const system = ActorSystem.create(Behaviors.receiveMessage(() => Behaviors.same), 'idle', options)
      system.tell('hello')
      console.log('told')`)

    expect(ended).toEqual({ output: 'told', code: 0, signal: null })
  })

  it('goes on while a timer is armed', { timeout: 30_000 }, async () => {
    const ended = await run(`
      ActorSystem.create(Behaviors.withTimers((timers) => {
        timers.startSingleTimer('key', 'tick', 50)
        return Behaviors.receiveMessage((text) => { console.log(text); return Behaviors.same })
      }), 'timed', options)`)

    expect(ended).toEqual({ output: 'tick', code: 0, signal: null })
  })

  it('goes on while a task runs, even one that nothing else keeps alive', { timeout: 30_000 }, async () => {
    const ended = await run(`
      const task = () => new Promise((resolve) => { setTimeout(resolve, 50, 'done').unref() })
      const system = ActorSystem.create(Behaviors.receive((context, text) => {
        if (text === 'go') context.pipeToSelf(task, (result) => result.right)
        else console.log(text)
        return Behaviors.same
      }), 'busy', options)
      system.tell('go')`)

    expect(ended).toEqual({ output: 'done', code: 0, signal: null })
  })

  it.each([
    ['piped', 'Behaviors.receive((context) => { context.pipeToSelf(never, () => 1); return Behaviors.same })'],
    ['awaited', 'Behaviors.receive(() => Behaviors.awaiting(never, () => Behaviors.same))'],
    ['awaited by a coroutine', 'Behaviors.coroutine(function* (co) { yield* co.receive(); yield* co.await(never) })'],
  ])(
    'ends when the actor has stopped whose task would never have settled: %s',
    { timeout: 30_000 },
    async (_, behavior) => {
      const ended = await run(`
      const never = () => new Promise(() => undefined)
      const system = ActorSystem.create(${behavior}, 'waiting', options)
      system.tell('go')
      await new Promise((resolve) => { setTimeout(resolve, 50) })
      await system.terminate()
      console.log('terminated')`)

      expect(ended).toEqual({ output: 'terminated', code: 0, signal: null })
    },
  )

  it('goes on with keepAlive until the system has terminated', { timeout: 30_000 }, async () => {
    const ended = await run(`
      const system = ActorSystem.create(Behaviors.empty, 'kept', { ...options, keepAlive: true })
      setTimeout(() => { console.log('still here'); void system.terminate() }, 200).unref()`)

    expect(ended).toEqual({ output: 'still here', code: 0, signal: null })
  })

  it(
    'ends when the guardian fails; whenTerminated tells the cause and is not rejected',
    { timeout: 30_000 },
    async () => {
      const ended = await run(`
      const system = ActorSystem.create(Behaviors.receiveMessage(() => { throw new Error('boom') }), 'failing', options)
      system.tell('go')
      const cause = await system.whenTerminated
      console.log(cause._tag, cause.value.message)`)

      expect(ended).toEqual({ output: 'Some boom', code: 0, signal: null })
    },
  )
})
