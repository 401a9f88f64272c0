package dev.troupe.rollout.verify.math;

import dev.troupe.rollout.verify.math.Token.Kind;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The commands, signs and words that have a meaning, by how they are written. */
final class Vocabulary {
  /** Longest first is how they are looked up: {@code \leq} before {@code \le}. */
  private static final Map<String, Kind> KNOWN = new HashMap<>();

  private static final int LENGTH_MAX;

  private static final String[] GREEK =
      words(
          """
          alpha α beta β gamma γ Gamma Γ delta δ Delta Δ epsilon ε varepsilon ϵ zeta ζ eta η theta θ
          Theta Θ vartheta ϑ iota ι kappa κ lambda λ Lambda Λ mu μ nu ν xi ξ Xi Ξ omicron ο pi π
          Pi Π varpi ϖ rho ρ varrho ϱ sigma σ Sigma Σ varsigma ς tau τ upsilon υ Upsilon Υ phi φ
          Phi Φ varphi ϕ chi χ psi ψ Psi Ψ omega ω Omega Ω\
          """);

  private static final Map<String, String> GREEK_NAMES = new HashMap<>();

  /** Commands that take braces and only dress what stands in them. */
  static final Set<String> ACCENTS =
      Set.of(
          words(
              """
              acute bar overline breve check widecheck dot ddot grave hat tilde widetilde vec
              overrightarrow bm boldsymbol text textit textbf textnormal mathbb mathbin mathbf
              mathcal mathclap mathclose mathellipsis mathfrak mathinner mathit mathnormal mathop
              mathopen mathord mathpunct mathrel mathring mathrlap mathrm mathscr mathsf
              mathsterling mathtt mbox\
              """));

  static {
    put(Kind.SKIPPED, "\\, \\thinspace \\: \\medspace \\; \\thickspace \\quad \\qquad \\!");
    put(Kind.SKIPPED, "\\negthinspace \\negmedspace \\negthickspace \\$ \\vspace \\hfil");
    put(Kind.PLUS, "+ ∔ ⊕ ⊞");
    put(Kind.MINUS, "- − ∸");
    put(Kind.TIMES, "* × ⋅ ⋄ ⊡ ∗ ⋆ ∘ ∙ ⊗ ⊠ \\times \\cdot");
    put(Kind.DIVIDE, "/ ÷ ∕ \\over \\div");
    put(Kind.COLON, ":");
    put(Kind.MODULO, "\\mod");
    put(Kind.LEFT_PAREN, "( \\( \\lgroup");
    put(Kind.RIGHT_PAREN, ") \\) \\rgroup");
    put(Kind.LEFT_BRACE, "{");
    put(Kind.RIGHT_BRACE, "}");
    put(Kind.LEFT_SET, "\\{ \\lbrace");
    put(Kind.RIGHT_SET, "\\} \\rbrace");
    put(Kind.LEFT_BRACKET, "[ \\lbrack");
    put(Kind.RIGHT_BRACKET, "] \\rbrack");
    put(Kind.BOXED, "\\boxed \\phantom");
    put(Kind.BAR, "| \\vert");
    put(Kind.LEFT_BAR, "\\lvert");
    put(Kind.RIGHT_BAR, "\\rvert");
    put(Kind.NORM, "\\|");
    put(Kind.LEFT_FLOOR, "\\lfloor \\llcorner");
    put(Kind.RIGHT_FLOOR, "\\rfloor \\lrcorner");
    put(Kind.LEFT_CEILING, "\\lceil \\ulcorner");
    put(Kind.RIGHT_CEILING, "\\rceil \\urcorner");
    put(Kind.LIMIT, "\\lim");
    put(Kind.TENDS_TO, "\\to \\rightarrow \\Rightarrow \\longrightarrow \\Longrightarrow");
    put(Kind.INTEGRAL, "\\int");
    put(Kind.SUM, "\\sum");
    put(Kind.PRODUCT, "\\prod");
    put(Kind.LOG, "\\log \\ln");
    put(Kind.FUNCTION, "\\exp \\sin \\cos \\tan \\csc \\sec \\cot \\arcsin \\arccos \\arctan");
    put(Kind.FUNCTION, "\\arccsc \\arcsec \\arccot \\sinh \\cosh \\tanh \\arsinh \\arcosh");
    put(Kind.FUNCTION, "\\artanh \\arcsinh \\arccosh \\arctanh \\floor \\ceil \\det");
    put(Kind.MANY_ARGUMENTS, "\\gcd \\lcm \\max \\min");
    put(Kind.NAME, "arsinh arcsinh arcosh arccosh artanh arctanh gcd lcm floor ceil eye zeros");
    put(Kind.NAME, "ones cols rows diag norm rank trace tr rref hstack vstack orth ortho");
    put(Kind.NAME, "orthogonal orthogonalize nullspace eig eigen diagonalize eigenvals");
    put(Kind.NAME, "eigenvalues eigenvects eigenvectors svd SVD matrix pmatrix bmatrix vmatrix");
    put(Kind.SQRT, "\\sqrt");
    put(Kind.FRACTION, "\\frac \\dfrac \\tfrac \\cfrac");
    put(Kind.BINOMIAL, "\\binom \\tbinom \\dbinom");
    put(Kind.CHOOSE, "\\choose");
    put(Kind.OPERATOR_NAME, "\\operatorname");
    put(Kind.MATRIX_START, "\\begin{matrix} \\begin{pmatrix} \\begin{bmatrix}");
    put(Kind.MATRIX_END, "\\end{matrix} \\end{pmatrix} \\end{bmatrix} \\end{array}");
    put(Kind.DETERMINANT_START, "\\begin{vmatrix}");
    put(Kind.DETERMINANT_END, "\\end{vmatrix}");
    put(Kind.COLUMN, "&");
    put(Kind.ROW, "\\\\");
    put(Kind.UNDERSCORE, "_");
    put(Kind.CARET, "^");
    put(Kind.TRANSPOSE, "^T ^{T} ^\\top ^{\\top} '");
    put(Kind.DEGREE, "^\\circ ^\\degree ^° ^{\\circ} ^{\\degree} ^{°}");
    put(Kind.SEMICOLON, ";");
    put(Kind.COMMA, ",");
    put(Kind.EULER, "e \\exponentialE");
    put(Kind.BIG_E, "E");
    put(Kind.EQUAL, "= ≡ ≣ ≟ ≐ ≔ ≕ == \\equiv");
    put(Kind.ABOUT, "~= ≈ ≊ ≋ ≃ ≅ \\approx");
    put(Kind.LESS, "< ≪ ≺ \\lt");
    put(Kind.AT_MOST, "\\leq \\le \\leqslant ≤ ≦ ≲ <=");
    put(Kind.GREATER, "> ≫ ≻ \\gt");
    put(Kind.AT_LEAST, "\\geq \\ge \\geqslant ≥ ≧ ≳ >=");
    put(Kind.UNEQUAL, "!= !== \\ne \\neq \\not\\equiv ≠");
    put(Kind.IN, "\\in");
    put(Kind.NOT_IN, "\\notin ∉");
    put(Kind.BANG, "!");
    put(Kind.INFINITY, "\\infty");
    put(Kind.PLUS_MINUS, "\\pm ± ∓ \\mp");
    put(Kind.UNION, "\\cup ∪");
    put(Kind.INTERSECTION, "\\cap ∩");
    put(Kind.SET_MINUS, "\\setminus ∖");
    put(Kind.EMPTY_SET, "\\emptyset ∅ \\{\\} \\lbrace\\rbrace");
    put(Kind.NAMED_SET, "\\mathbb{N} ℕ \\mathbb{Z} ℤ \\mathbb{Q} ℚ \\mathbb{R} ℝ \\mathbb{C} ℂ");
    put(Kind.SIGN, "\\Bbbk \\wp \\nabla \\bigstar \\angle \\nexists \\measuredangle \\eth ℵ ℶ ℷ");
    put(Kind.SIGN, "\\sphericalangle \\clubsuit \\varnothing \\Diamond \\complement \\imath");
    put(Kind.SIGN, "\\diamondsuit \\Finv \\triangledown \\heartsuit \\jmath \\Game \\triangle");
    put(Kind.SIGN, "\\spadesuit \\ell \\hbar \\vartriangle \\hslash \\lozenge \\blacksquare \\mho");
    put(Kind.SIGN, "\\sharp \\prime \\Im \\flat \\square \\backprime \\Re \\natural \\surd");
    for (int i = 0; i < GREEK.length; i += 2) {
      Kind kind = GREEK[i].equals("gamma") || GREEK[i].equals("Gamma") ? Kind.GAMMA : Kind.GREEK;
      KNOWN.put("\\" + GREEK[i], kind);
      KNOWN.put(GREEK[i + 1], Kind.GREEK);
      GREEK_NAMES.put(GREEK[i + 1], GREEK[i]);
    }
    LENGTH_MAX = KNOWN.keySet().stream().mapToInt(String::length).max().orElseThrow();
  }

  private Vocabulary() {}

  /** How many characters from {@code position} on are the longest thing that is known, or 0. */
  static int longest(String text, int position) {
    for (int length = Math.min(LENGTH_MAX, text.length() - position); length > 0; length--) {
      if (KNOWN.containsKey(text.substring(position, position + length))) {
        return length;
      }
    }
    return 0;
  }

  static Kind kind(String known) {
    return KNOWN.getOrDefault(known, Kind.SKIPPED);
  }

  /** The name of a letter, Greek ones by their English names, without case. */
  static String name(String written) {
    String name = GREEK_NAMES.getOrDefault(written, written);
    return (name.startsWith("\\") ? name.substring(1) : name).toLowerCase(Locale.ROOT);
  }

  private static void put(Kind kind, String written) {
    for (String each : words(written)) {
      KNOWN.put(each, kind);
    }
  }

  private static String[] words(String text) {
    return text.strip().split("\\s+");
  }
}
