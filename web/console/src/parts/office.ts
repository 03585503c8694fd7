// What several pages choose from: groups, agents, trunks, flows, numbers.
import { call } from '../api/client'
import type { FlowInfo, NumberSettings, SkillGroupInfoItem, StaffInfo, Trunk } from '../api/types'

const most = 100 // of one page
const enough = 5000

/** everyPage asks for pages until there are no more. */
export async function everyPage<T>(ask: (page: number) => Promise<{ total: number; rows: T[] | null }>): Promise<T[]> {
  const all: T[] = []
  for (let page = 0; all.length < enough; page++) {
    const { total, rows } = await ask(page)
    all.push(...(rows ?? []))
    if (!rows?.length || all.length >= total) break
  }
  return all
}

export const groups = (signal?: AbortSignal): Promise<SkillGroupInfoItem[]> =>
  everyPage(async (page) => {
    const a = await call('DescribeSkillGroupInfoList', { PageSize: most, PageNumber: page }, signal)
    return { total: a.TotalCount, rows: a.SkillGroupList }
  })

export const everybody = (signal?: AbortSignal): Promise<StaffInfo[]> =>
  everyPage(async (page) => {
    const a = await call('DescribeStaffInfoList', { PageSize: most, PageNumber: page }, signal)
    return { total: a.TotalCount, rows: a.StaffList }
  })

export const trunks = async (signal?: AbortSignal): Promise<Trunk[]> => (await call('DescribeTrunks', {}, signal)).Trunks
export const numbers = async (signal?: AbortSignal): Promise<NumberSettings[]> => (await call('DescribeNumberSettings', {}, signal)).Numbers
export const flows = async (signal?: AbortSignal): Promise<FlowInfo[]> => (await call('DescribeFlows', {}, signal)).Flows

/** options of a choice, by a value and a label. */
export const options = <T>(rows: T[] | null | undefined, value: (row: T) => string | number, label: (row: T) => string) =>
  (rows ?? []).map((row) => ({ value: value(row), label: label(row) }))
