// Jalali days, Tehran's clock and the moments of a Monday's week, all in seconds since 1970.

import { canonical } from "./canonical.js";

const DAY = 86400;
const TEHRAN = 3.5 * 3600; // no summer time since 2022
const EPOCH = Date.UTC(2026, 2, 21) / 1000 / DAY; // 1405-01-01
const EPOCH_YEAR = 1405;
const MONDAY = 4; // 1970-01-05, in days since 1970

const isLeap = (year) => (25 * year + 11) % 33 < 8;
const monthStart = (month) => (month <= 7 ? 31 * (month - 1) : 186 + 30 * (month - 7));

// Days from 1405-01-01 to the beginning of a year.
function yearStart(year) {
  let days = 0;
  for (let one = EPOCH_YEAR; one < year; one++) days += isLeap(one) ? 366 : 365;
  for (let one = year; one < EPOCH_YEAR; one++) days -= isLeap(one) ? 366 : 365;
  return days;
}

// Days since 1970 of a Jalali date such as `1405-09-16`; NaN if the date does not exist.
export function dayNumber(text) {
  const found = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(text);
  if (!found) return NaN;
  const [year, month, day] = found.slice(1).map(Number);
  const length = month <= 6 ? 31 : month < 12 || isLeap(year) ? 30 : 29;
  if (year < 1400 || year > 1499 || month < 1 || month > 12 || day < 1 || day > length) return NaN;
  return EPOCH + yearStart(year) + monthStart(month) + day - 1;
}

// The Jalali date for days since 1970.
export function dayText(number) {
  let year = EPOCH_YEAR + Math.floor((number - EPOCH) / 365.25) - 1;
  while (EPOCH + yearStart(year + 1) <= number) year++;
  const rest = number - EPOCH - yearStart(year);
  const month = rest < 186 ? Math.floor(rest / 31) + 1 : Math.floor((rest - 186) / 30) + 7;
  const digits = (value, width) => String(value).padStart(width, "0");
  return `${digits(year, 4)}-${digits(month, 2)}-${digits(rest - monthStart(month) + 1, 2)}`;
}

export const isDay = (text) => typeof text === "string" && !Number.isNaN(dayNumber(text));
export const isMonday = (text) => isDay(text) && (dayNumber(text) - MONDAY) % 7 === 0;

export const seconds = (at) => Date.parse(at) / 1000;
export const dayOf = (at) => Math.floor((at + TEHRAN) / DAY);
const minutesOf = (time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

// The time in seconds of a Tehran time (`24:00` too) on a day since 1970.
export const instant = (day, time) => day * DAY - TEHRAN + minutesOf(time) * 60;

export const isBorder = (time) => time === "24:00" || (typeof time === "string" && /^([01]\d|2[0-3]):[0-5]\d$/.test(time));

const DAYS_BEFORE = { wed: 5, thu: 4, fri: 3, sat: 2, sun: 1 };

// Whether these are the days of a late value, from the first to the last before the Monday.
export const areDays = (names) =>
  Array.isArray(names) && names.length > 0 &&
  names.every((name, at) => {
    const before = typeof name === "string" && Object.hasOwn(DAYS_BEFORE, name) && DAYS_BEFORE[name];
    return before && (!at || DAYS_BEFORE[names[at - 1]] > before);
  });

// Minutes of the day until then, without the night, in which nobody is informed of a list or an
// offer.
function byDay(minute) {
  const days = Math.floor(minute / 1440);
  return days * 840 + Math.min(Math.max(minute - days * 1440, 480), 1320) - 480;
}

// The minutes of an offer. If they reach into the night, the offer would expire unnoticed, so none
// counts.
const ofOffers = (since, until) => (since >= 480 && until <= 1320 ? until - since : 0);

// Minutes of each part of the week in which somebody must be able to act, and the minimum of each.
function lengthsOf({ week, offers, late_value: late, slot_minutes: meeting }) {
  const at = (name) => minutesOf(week[name].at) - week[name].days_before * 1440;
  const clock = (name) => minutesOf(week[name].at);
  const drawn = clock("value_until") - DAYS_BEFORE[late.days[0]] * 1440;
  return [
    at("filing_closes") - at("opens"),
    byDay(at("objections_until")) - byDay(at("freeze")),
    at("reveals_until") - at("reveals_from"),
    clock("value_until") - clock("value_from"),
    at("answer_by") - drawn,
    byDay(at("standby_until")) - byDay(at("answer_by")),
    ofOffers(minutesOf(offers.from), minutesOf(offers.until)),
    meeting,
  ];
}
const LEAST = [7 * 1440, 240, 60, 60, 1440, 240, 360, 10];

// Whether a part of the week is shorter than rules may make it.
export const isTooShort = (rules) => lengthsOf(rules).some((length, at) => length < LEAST[at]);

const MOST_AHEAD = 42 * 1440;
const MOST_HOURS = 12;
const MOST_MINUTES = 60;

// Whether Mondays open further ahead, or an offer or a meeting lasts longer, than rules may make
// it.
export const isTooLong = ({ week, offers, slot_minutes: meeting }) =>
  week.opens.days_before * 1440 - minutesOf(week.opens.at) > MOST_AHEAD ||
  offers.hours > MOST_HOURS || meeting > MOST_MINUTES;

const OF_THE_DRAW = ["late_value", "lanes", "offers", "week"];
const witnessesOf = ({ witnesses }) => [...new Set(witnesses.map((one) => canonical(one)))].sort().join("\n");

// Whether a version changes the draw itself, so that one officer may not announce it alone.
export const isWeaker = (before, after) => {
  const differs = (key) => canonical(before[key]) !== canonical(after[key]);
  return witnessesOf(before) !== witnessesOf(after) || OF_THE_DRAW.some(differs);
};

// The week of one Monday under its rules. `at(name)` throws RangeError where the rules do not say.
export class Week {
  constructor(monday, rules) {
    this.day = dayNumber(monday);
    this.rules = rules;
  }

  at(name) {
    const { days_before: days, at } = this.rules?.week?.[name] ?? {};
    if (!Number.isSafeInteger(days) || days < 0 || days > 366 || !isBorder(at)) throw new RangeError(name);
    return instant(this.day - days, at);
  }

  // Begin and end of a day of the late value, for a party that enters it.
  onDay(name, day) {
    const { at } = this.rules?.week?.[name] ?? {};
    if (!isBorder(at)) throw new RangeError(name);
    return instant(day, at);
  }

  seat(time) {
    return instant(this.day, time);
  }

  ends(seats) {
    return this.seat(seats.at(-1)) + (this.rules.slot_minutes || 0) * 60;
  }

  // The deadline for answering a seat drawn at this time; 0 if no seat lapses.
  answerBy(drawn) {
    const [saturday, sunday] = [this.day - 2, this.day - 1];
    const usual = this.at("answer_by");
    if (drawn <= instant(saturday, "12:00") && drawn < usual) return usual;
    return drawn < instant(sunday, "08:00") ? instant(sunday, "14:00") : 0;
  }

  // When an offer made now expires. Its hours count by day only, and never beyond the end.
  offerEnds(start) {
    const { hours, from, until } = this.rules.offers;
    const end = this.at("standby_until");
    let left = hours * 3600;
    for (let day = dayOf(start); ; day++) {
      const begun = Math.max(start, instant(day, from));
      if (begun >= end) return end;
      const today = Math.max(instant(day, until) - begun, 0);
      if (left <= today) return Math.min(begun + left, end);
      left -= today;
    }
  }
}

const MONDAY_NAME = 0;
const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

// The days of the rules' late value in order, each the last of its weekday before the Monday.
export function valueDays(late, monday) {
  return (late?.days || []).map((name) => {
    const back = (MONDAY_NAME - WEEKDAYS.indexOf(name) + 7) % 7 || 7;
    return monday - back;
  });
}
