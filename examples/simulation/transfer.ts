/**
 * A transfer between two accounts by clerks who read a balance, and write what it should be: right when one of them is alone, and a race
 * when there are two. `guides/simulation` tells how it is found, and what mends it.
 */
import { Behaviors, type ActorRef, type Behavior } from 'troupe'
import type { SimulatedApp } from 'troupe/testkit'

type AccountCommand =
  | { readonly _tag: 'Get'; readonly replyTo: ActorRef<number> }
  | { readonly _tag: 'Set'; readonly balance: number }
  | { readonly _tag: 'Add'; readonly amount: number }

type Account = ActorRef<AccountCommand>

interface Order {
  readonly from: Account
  readonly to: Account
  readonly amount: number
}

const account = (balance: number, show: (balance: number) => void): Behavior<AccountCommand> =>
  Behaviors.receiveMessage((command) => {
    switch (command._tag) {
      case 'Get':
        command.replyTo.tell(balance)
        return Behaviors.same
      case 'Set':
        show(command.balance)
        return account(command.balance, show)
      case 'Add':
        show(balance + command.amount)
        return account(balance + command.amount, show)
    }
  })

/** Reads both balances, then writes both: between the two somebody else may have written. */
const hastyClerk: Behavior<Order | number> = Behaviors.receive<Order | number>((context, order) => {
  // A balance that nobody waits for.
  if (typeof order === 'number') return Behaviors.same
  const { from, to, amount } = order
  from.tell({ _tag: 'Get', replyTo: context.self })
  return Behaviors.receiveMessage((fromBalance) => {
    if (typeof fromBalance !== 'number') return Behaviors.unhandled
    to.tell({ _tag: 'Get', replyTo: context.self })
    return Behaviors.receiveMessage((toBalance) => {
      if (typeof toBalance !== 'number') return Behaviors.unhandled
      from.tell({ _tag: 'Set', balance: fromBalance - amount })
      to.tell({ _tag: 'Set', balance: toBalance + amount })
      return hastyClerk
    })
  })
})

/** Says what changes, and leaves it to the account, which is alone with its balance. */
export const carefulClerk: Behavior<Order | number> = Behaviors.receiveMessage<Order | number>((order) => {
  if (typeof order === 'number') return Behaviors.unhandled
  order.from.tell({ _tag: 'Add', amount: -order.amount })
  order.to.tell({ _tag: 'Add', amount: order.amount })
  return Behaviors.same
})

/** Two clerks move money between two accounts, the one there, the other back. */
export const transfer =
  (clerk: Behavior<Order | number> = hastyClerk): SimulatedApp =>
  (world) => {
    const balances = { ann: 100, ben: 100 }
    const open = (name: keyof typeof balances): Account =>
      world.spawn(
        account(balances[name], (balance) => {
          balances[name] = balance
        }),
        name,
      )
    const [ann, ben] = [open('ann'), open('ben')]
    world.spawn(clerk, 'morning').tell({ from: ann, to: ben, amount: 10 })
    world.spawn(clerk, 'evening').tell({ from: ben, to: ann, amount: 25 })

    world.finally(() => {
      if (balances.ann + balances.ben !== 200)
        throw new Error(
          `ann has ${String(balances.ann)} and ben has ${String(balances.ben)}, which is not 200 together`,
        )
    })
  }
