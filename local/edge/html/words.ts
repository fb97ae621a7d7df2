const list = (words: string): readonly string[] => words.trim().split(/\s+/);

/** Elements that run or load something without any attribute. */
export const activeElements: ReadonlySet<string> = new Set(
  list(
    'script iframe frame frameset applet xss noembed bgsound ilayer layer xml style isindex portal',
  ),
);

/** Elements that run or load something with one of these attributes, and are harmless without. */
export const loadingElements: Readonly<Record<string, readonly string[]>> = {
  object: ['data', 'type', 'classid', 'codebase'],
  embed: ['src', 'code', 'type', 'allowscriptaccess'],
  link: ['href', 'rel'],
  base: ['href'],
  meta: ['http-equiv', 'content', 'charset'],
  use: ['href', 'xlink:href'],
  import: ['namespace', 'implementation'],
};

/** Attributes with an address that a browser follows or runs. */
export const addressAttributes: ReadonlySet<string> = new Set(
  list(
    'href src action formaction data xlink:href background poster lowsrc dynsrc code codebase ' +
      'from to values by content srcset manifest cite ping url folder value',
  ),
);

const events = list(
  `abort activate after\\w+ animation\\w+ auxclick before\\w+ begin blur bounce cancel
  canplay(?:through)? cellchange change click close command content\\w+ contextmenu
  controlselect copy cuechange cut data\\w+ dblclick deactivate drag\\w* drop durationchange
  emptied end ended error errorupdate filterchange finish focus(?:in|out)? formchange
  forminput formdata fullscreen\\w* gotpointercapture hashchange help input invalid
  key(?:down|press|up) languagechange layoutcomplete load(?:end|start|eddata|edmetadata)?
  losecapture lostpointercapture mediacomplete mediaerror message\\w* mouse\\w+ move\\w*
  offline online orientationchange outofsync page(?:hide|show|reveal|swap) paste pause
  play(?:ing)? pointer\\w+ popstate progress propertychange ratechange readystatechange redo
  rejectionhandled repeat reset resize\\w* resume reverse row\\w+ scroll\\w* search
  securitypolicyviolation seek(?:ed|ing)? select\\w* show slotchange stalled start stop
  storage submit suspend syncrestored timeerror timeupdate toggle touch\\w+ trackchange
  transition\\w+ undo unhandledrejection unload urlflip volumechange waiting webkit\\w+ wheel
  zoom`,
);

/** Names of event handlers; other words that begin with `on` do not match. */
export const handler = new RegExp(`^on(?:${events.join('|')})$`);
