/**
 * What grows shall not slow down with its size: each of these takes well under a second, and took the better part of a minute where a step
 * looked at all that was there.
 */
import { Behaviors, type ActorRef } from 'troupe'
import { find, Receptionist, ServiceKey } from 'troupe/discovery'
import { deduplicatingMailbox } from 'troupe/mailboxes'
import { aggregate } from 'troupe/patterns'
import { ActorTestKit } from 'troupe/testkit'
import { describe, expect, it } from 'vitest'

const count = 20_000

describe('at scale', { timeout: 30_000 }, () => {
  it('services are registered under many keys, and forgotten when they stop', () => {
    const kit = ActorTestKit.create()
    const desk = Receptionist.get(kit.system)
    const keyOf = (index: number): ServiceKey<'stop'> => ServiceKey.of<'stop'>(`service-${String(index)}`)
    const services = Array.from({ length: count }, () => kit.spawn(oneWord))
    services.forEach((service, index) => {
      desk.tell(Receptionist.register(keyOf(index), service))
    })
    kit.runUntilQuiet()
    expect(find.byKey(keyOf(count - 1))(kit.system)).toEqual([services.at(-1)])

    for (const service of services) service.tell('stop')
    kit.runUntilQuiet()
    expect(find.byKey(keyOf(0))(kit.system)).toEqual([])
  })

  it('services are registered under one key, in their order, and forgotten when they stop', () => {
    const kit = ActorTestKit.create()
    const desk = Receptionist.get(kit.system)
    const key = ServiceKey.of<'stop'>('service')
    const services = Array.from({ length: count }, () => kit.spawn(oneWord))
    for (const service of services) desk.tell(Receptionist.register(key, service))
    kit.runUntilQuiet()
    const found = find.byKey(key)(kit.system)
    expect(found.length).toBe(count)
    expect(found.every((service, index) => service === services[index])).toBe(true)

    for (const service of services) service.tell('stop')
    kit.runUntilQuiet()
    expect(find.byKey(key)(kit.system)).toEqual([])
  })

  it('a deduplicating mailbox is filled with keys and emptied', () => {
    const kit = ActorTestKit.create()
    const seen: number[] = []
    const reader = kit.spawn(
      Behaviors.receiveMessageWithSame<number>((key) => void seen.push(key)),
      undefined,
      { mailbox: deduplicatingMailbox((key: number) => key) },
    )
    for (let key = 0; key < 10 * count; key++) reader.tell(key)
    kit.runUntilQuiet()
    expect(seen.length).toBe(10 * count)
  })

  it('replies are gathered', () => {
    const kit = ActorTestKit.create()
    const probe = kit.createProbe<number>()
    const ask = (replyTo: ActorRef<number>): void => {
      for (let reply = 0; reply < 5 * count; reply++) replyTo.tell(reply)
    }
    const combine = (replies: readonly number[]): number => replies.length
    kit.spawn(aggregate({ ask, replies: 5 * count, timeoutMs: 1_000, combine, replyTo: probe.ref }))
    kit.runUntilQuiet()
    probe.expectMessage(5 * count)
  })
})

const oneWord = Behaviors.receiveMessage<'stop'>(() => Behaviors.stopped)
