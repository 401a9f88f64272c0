package dev.troupe.rollout.verify.instruction;

import java.util.Arrays;
import java.util.Set;

/** What Punkt has to know of English words. All in small letters, without full stops at the end. */
final class PunktWords {
  private static final Set<String> ABBREVIATIONS =
      words(
          """
          dr mr mrs ms prof rev hon st sr jr gen col lt sgt capt cmdr adm gov sen rep pres messrs
          ph.d m.d d.d.s b.a m.a b.sc m.sc r.n esq
          vs etc e.g i.e cf al viz approx dept est fig figs eq eqs vol vols no nos pp ed eds
          inc corp co cos ltd bros llc s.a n.v a.g s.p.a plc mfg intl
          u.s u.k u.n u.s.a u.s.s.r e.u d.c n.y l.a n.j n.h n.m n.c s.c w.va u.s.c
          a.m p.m a.d b.c b.c.e c.e
          jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thurs fri sat sun
          ala ariz ark calif colo conn del fla ga ill ind kan ky la md mass mich minn miss mo mont
          neb nev okla ore pa penn tenn tex vt va wash wis wyo
          ave blvd rd ln sq mt ft hwy
          ft in lb lbs oz sec min hr hrs yr yrs mph
          """);

  /** Words that stand in the middle of sentences, and have a small letter there. */
  private static final Set<String> USUALLY_SMALL =
      words(
          """
          the a an this that these those some any each every both all no many most several few
          he she it we they you his her its their our your my who what which whose
          is are was were be been being has have had do does did can could will would shall should
          may might must
          and but or nor so yet for if when while although though because since unless until after
          before as than whether where why how there here then however moreover therefore thus also
          meanwhile nevertheless otherwise instead indeed finally first second next later now still
          in on at by with from to of into under over during about against between among through
          without within across along around behind beyond near
          not only even just more less very too such same other another
          """);

  /** Words that often begin sentences. */
  private static final Set<String> STARTERS =
      words(
          """
          i the a an this that these those he she it we they you his her its their our some many most
          all both another in on at by as for if when while since but and so also however moreover
          there under what among like although nor
          """);

  private PunktWords() {}

  private static Set<String> words(String text) {
    return Set.copyOf(Arrays.asList(text.strip().split("\\s+")));
  }

  static boolean isAbbreviation(String word) {
    return ABBREVIATIONS.contains(word);
  }

  static boolean isUsuallySmall(String word) {
    return USUALLY_SMALL.contains(word);
  }

  static boolean isStarter(String word) {
    return STARTERS.contains(word);
  }
}
