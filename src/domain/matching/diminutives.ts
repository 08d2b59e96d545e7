import { foldLetters } from './name-letters.ts';

/**
 * First names that one and the same person is called by: a name, its spellings, and the short forms that are
 * usual for it in Sweden. One line a name; a short form of several names stands in the line of each. Spelling
 * variants stand here too: Carl and Karl are alike, and never certainly the same.
 *
 * Two names of one line are alike whatever their place in it. Only forms that people in Sweden know are here:
 * a line too many puts strangers before a person. å ä ö and doubled vowels do not count.
 */
const NAMES_OF_ONE_PERSON = `
abdallah abdullah abdulla abdalla abdellah abdi
abdirahman abdurrahman abdulrahman abdelrahman abdirahmaan abdi
abdulkadir abdelkader abdulqadir abdi
adam adde
agneta agnetha agnes neta netan
ahmed ahmad ahmet achmed
aisha aicha aisa ayshe ayse asha aysha
albert abbe
albin abbe
aleksej alexej alexei aleksei oleksij
alexander aleksander alexandre alex alexis xander sander sasha sascha alle ale
alexandra aleksandra alex sandra sasha sascha lexie
alf affe
alfred affe
ali aly
alice alicia alise alis
amanda mandy manda
amina aminah emina
amir emir ameer
anders anderz adde ante andy
andre andrej andrei andrew andrzej andy
andreas adde andy andrew
angelica angelika angelina angela angie
anita nita
ann anne anna annie
anna ana ann anne annie anni hanna ania anja anya anka ankan
annachristina annakristina annstina annastina
annakarin annkarin annacarin anncarin anki ankan
anncharlotte anncharlott anncharlotta lotta lotten annlotta
annelie anneli annelise annalisa annlis lisa
annika anika annica anica ankan
annkristin annchristin annchristine annkristine anki ankie
annmarie annemarie annamaria annmari ammi ami
annsofie annsofi annesofie annasofia ansofi fia fi
anton antonio antonius antoni toni tony ante antti
antonia tonia toni nia
arne arnold
arvid avve
astrid asta
axel aksel acke akke
barbro babs babro barbara
bengt benke bengan bengtan bengtsa
benjamin ben benny benji
bernt berndt bernhard berra
bertil berra bertel
bilal bilall
birgitta birgita britta gittan gitta bibbi brita brittan biggan birgit
bjorn bjarne nalle
bo bosse bobo
borje bosse
britt brittan brita britta
brittmarie brittmari brittis
camilla kamilla mille milla millan cammi kamila
carina karina ina
carl karl kalle calle charles charlie carlos karel karol
carlgustaf karlgustav carlgustav karlgustaf
carljohan karljohan kaj calle kalle
carola karola
caroline carolin karolin karoline carolina karolina caro carro linn lina line
catarina katarina katharina catharina katarzyna catrin katrin katrine catrine cathrine kathrine kattis kata
  katta kajsa cajsa katja katya kate kati kattan cattis trina katinka catherine katherine
cecilia cecilie cilla cissi sissi silla cissan
charlotta charlotte charlott lotta lotten lottie charlie sharlotta lotte lott
christer krister chris krille christe
christian kristian chris krille kricke chrille chrisse
christina kristina christine kristine kristin christin stina tina kicki kikki chris kia kickan krystyna
  cristina stinan
christoffer kristoffer christopher kristofer christofer kristofferus stoffe chris kricke stoffer krille
  toffe
clas klas klaes claes classe klasse
claudia klaudia
conny konny konrad conrad
dag dagge
daniel danne dan dani danny danilo danijel
daniella daniela dani danni ella
david dave dawid davide daoud dawood dawod davve
dennis denis denne
diana dijana
dimitri dmitri dmitry dima dimitrios
dominic dominik dominique
edvard edward eddie edde ed
edvin edwin edde
egil egge
elias ellias ilias
elin elina eline
elisabeth elisabet elizabeth elisabetta elzbieta lisa lisbeth lisbet lis betty bettan bettina liza beth ella
  elsa elise lisen elsie liz lizzie lilly sissi
ellen ella elle
ellinor elinor eleonora eleonor eleonore elenor nora ellie noora
emanuel manne emmanuel manuel immanuel
emelie emilie emily emeli emilia emmy milly mille mia millan emili
emil emile mille emilio
emma emmy
erik eric erick erich eirik jerker jerka eerik
erika erica ericka
ernst erno
eva ewa eve evis evita
evelina evelyn eveline evelin
fanny fannie
fatima fatimah fatma fatemeh fatme
felicia felisia fia
felix felle
ferdinand ferdi
filip philip philippe fillip filippa fille pippo phillip filippo
filippa philippa pippa filipa
frans franz francis fransisco franciszek
fredrik frederik fredric frederick fredrick freddy fredde freddie fred figge
fredrika frederika fredrica frida rika
frida frieda fridah fredrika
gabriel gabbe gabriele jibril
gabriella gabriela gabrielle gabi gabbi ella
georg george jojje jiri yuri jorge
gerd gerda gerdi
gert gerth
goran joran gojje
gosta gusten
greger gregor grzegorz gregers
greta margareta grethe
gun gunn
gunilla gunnila nilla gullan
gunnar gurra gunne
gunnel gullan
gustaf gustav gurra gusten gustavo gusse kurre
hakan hacke hakke
hampus hampe
hanna hannah johanna hannele hana
hannes johannes
hans hasse hanse
harald harry harri
harry harri
hassan hasan hassane
helen helene elen
helena elena lena helene jelena helenka
henning henne
henrietta henriette jetta
henrik henric henrick henry henke henkan hendrik heinrich henrique
herman hermann manne
hilda hilde
hillevi hille
hussein hussain husein hossein husayn hosein hussien
ibrahim abraham ibbe ebrahim ibrahima
ida idah
inga inge ingegerd
ingeborg inga bojan
ingegerd ingegärd inga
ingela inga ingla
ingemar ingmar inge ingo
inger ingis
ingrid inga ingeli
irene iréne irén irena irina
irina irene ira
isabella isabelle isabel isabell bella isa bell izabella izabela ella isabela
isak isaac izak isac isaak ishak
ismail ismael esmail
ivan ivo iwan
jacob jakob jacques jack jaakko jakov yakub yaqub jakub jackie jacke kobbe
jacqueline jaqueline jackie jacquelin
jan janne jani
jasmine jasmin yasmin yasmine jasmina yasmina
jeanette janette jeanett jannet janet jeanna netta nettan sanette
jekaterina ekaterina katja
jelena elena
jennifer jenny jennie jeniffer
jenny jennie jenni
jens jensa jenke
jeremias jeremiah jerry
jerker erik jerka
jesper jeppe jesse jepe
jessica jesica jessika jessie jess sica sickan
joachim joakim jocke jokke kim joaquim jocko
joanna joana
johan johann janne jojje juhani jussi juha joan john
johanna hanna jojo johanne joanna jossan hannah jojjo
johannes hannes janne johan juhani
john jon johnny jonne jack johnathan
johnny jonny jonni john
jonas jonne jone yunus
jonatan jonathan jonte jonny nathan natan johnathan
jorgen jorn jogge jorge
josef joseph jossi josip yusuf yousef yosef youssef josif jose giuseppe jozef
josefin josefine josephine josefina jossan fina fia josie
judit judith juditta
julia julie juliana giulia yulia julija
juliana julianna
jurgen jörgen
kaj kai kay
kajsa cajsa kaisa katarina karin
karim kareem
karin carin kaarina karen kajsa kajan
kennet kenneth ken kenny kenta kent
kent kenta kenneth
kerstin kjerstin kicki kickan stina kia
kevin keven
khadija khadiga khadra hatice hadija chadija
khaled khalid chaled
kjell kjelle chell kelle
klara clara claire
knut knutte
krzysztof kristoffer
kurt kurre
lars lasse larsa laurits lauritz larry
laura lora
lea leah lia
leif leffe
leila layla leyla laila lejla
lena helena leena magdalena
lennart lelle lennie lenny
leo leon leopold
leonard leo leonardo lenny
liam william
lilian lillian lilly lily lillan
lina linda karolina linnea carolina
linda lindah
linnea linea linnéa linn lina nea
linus linas
lisa lise elisabet liza lisen
lisbeth lisbet elisabeth lisa lis
louise lovisa lova lois luisa lovise lousie
lovisa lova lovis louisa
lucas lukas lucca luca luka lulle
lucia lucie lussan luzia lusia
ludvig ludwig ludde luddan ludvik
madeleine madelene madelen madelein madde maddie madlen madeline
magdalena magda malena lena magdalene
magnus mange manne
mahmoud mahmud mahmood
maja maia maya maria
malin malene malena magdalena
manfred manne fred
manuela manuella
margareta margaretha margareth margaret margit margita maggan maggie greta gret magga rita meta marge grete
  margarethe malgorzata margarita
margit magit maggan margita
maria marie mari mia maja mimmi majsan marika mary mariah miriam marja marija mariam maryam marya ria mimi
  masha
mariam maryam miriam meryem maryan mirjam
mariana marianna
marianne mariann maja majsan marianna mia
marielle mariell mariella
marina marine rina
marita rita maritha
markus marcus mackan marco mark marc macke marko markku
marlene marléne marlen lena
martha marta märta märtha
martin marten mattin macke martti matte
mathilda matilda tilda tilde mattan tilla matilde
mats mads matz matte
mattias matias mathias matthias matte mats matt mattis matti matteus matthew matthaus mateusz
max maxim maximus maximilian
maximilian max maximillian milian
mehdi mahdi
mehmet mohammed mehmed muhammed
melker melchior
mercedes merce
michaela mikaela mickan mia mikela michela micka ella
michelle michele michell
mikael michael mickael micael mickel mikkel mickey micke mike michel miguel michal mischa mikko mick mihail
  mikhail mica mikeal miska
mikaela mickan micka mia
milena milla
miriam mirjam mira mirre maria
mohammed muhammad mohamed muhammed mohammad mohamad muhamed muhamad mohamud mohamoud mahamed mohamet mohd
  mehmet mo moe mahamud muhammet
mona monika
monika monica nicka monka
mustafa mostafa mustapha moustafa musse
nadia nadja nadya nadezjda
natalie nathalie natalia nataly natali nattan talia natasha natascha natalija
natan nathan jonathan
nicklas niklas nicolas niclas nicholas nicke niclaes nikolas nick nicko nico nille niko nikolai nikolaj
  nicolai nikolaus klas mikolaj nicky
nicole nikol nikole nicky nikki nicolle nicola
nils niels nisse nicke nilsa neils
noah noa
nour noor nur nora
ola olof olle ole
oleksandr alexander sasha
oliver olle ollie olivier
olivia livia liv oliwia
olof olov olaf olav olle ola olavi olafur
omar umar omer
oskar oscar ogge osse okke
osman othman uthman
ossian osse
otto otte
ove owe uwe
patricia patrizia pia tricia patrycja patty
patrik patric patrick pat patte putte pattrik padraig paddy
paul pål paulus paavo pavel pawel pablo paolo pal
paulina pauline polly paula lina
per par pehr peer pelle perra
pernilla pernille pirnilla nilla petronella nillan pillan
peter petter peder petr piotr petar pet pete pelle petrus pekka petri pierre pjotr pedro pietro
petra petronella
petronella pernilla nella
pia maria
pontus ponta
rafael raphael raffe rafal raffael
ragnar ragge raggen
rahma rahmah
rasmus erasmus rasse ras
rebecca rebecka rebeka rebekah rebekka becka beckan becky becca bekka beckis
reine reino reinhold
reza resa
rickard rikard richard ricke ricky ricardo rick rille ryszard richie rike rikke rickhard
rita margareta marita
robert robban rob bob bobby robbie roberto robbe
roger rogge roffe rodger
roland rolle
rolf roffe ralf
ronja ronia ronya
ronny ronnie ronald ronni
rosemarie rosmarie rosemari rosa rose
rune rudolf
rut ruth rutan
said saeed saied sayed saed
salim selim saleem
samir sami samer
samira sameera
samuel sam samme sammy samuli samuele
sandra alexandra
sanna susanna susanne sandra sanne
sara sarah zara saara sarra
sebastian sebbe seb basti bastian sebastien sebastiaan basse
selma selina
sergej sergei sergey serge
sigrid siri
sigurd sigge
sigvard sigge sigvald
simon simone simen sime simmo szymon
siri sigrid
siv sivan
sofia sofie sophia sophie sofi fia soffi sofija zofia fi soffan sofya
solveig solvej solan solvei
staffan stefan stephan stephen steffen steffan stefano steven steve steff steffo stephane stjepan szczepan steffe
stanislav stanislaw stan
stefanie stephanie stefania steffi steffie stefani
sten stene stein stig
stig stickan stikkan stigge
stina kristina kerstin christina
susanne susanna susann suzanne sussi sussie sanna sanne susan sus zuzana susie sussan suzana zuzanna suss
svante svanne
sven svenne swen svend svante
svetlana lana sveta
sylvia silvia sylvie silva
tatiana tatjana tanja tania tanya tatyana
terese therese theres teresa theresa teres teresia theresia tess tessan resa resi
thea tea dorothea theodora
theodor teodor teo theo theodore ted teddy fjodor
therese tess tessan
thomas tomas tom tommy tompa toma tomasz tomislav tommie
thorbjorn torbjörn tobbe torbjorn
thure ture
tilda mathilda tilde
tim timmy timothy timoteus
tina christina martina kristina bettina valentina
tobias tobbe tobe tobi tobie toby
tommy tom tompa
tor thor
tord thord
tore thore
torsten thorsten totte torre tosse
tove tova tuva
tuulikki tuula
ulf uffe ulv uffan
ulla ulrika ullis
ulrica ulrika ulrike ulla rikke ullis uli riken rika ulli
urban ubbe
ursula ulla uschi
valentin valle
valter walter valle walther valtteri
vera veera
veronica veronika vero nicka
victor viktor vicke wiktor vic
victoria viktoria vickan vicky viki tora wiktoria vica toria viky
vilhelm wilhelm ville wille william willy
vilhelmina wilhelmina mina minna
vilma wilma
vincent vince vinnie
viola violetta
viveka vivecka wiveca vivica viveca vivi
vivianne viviann vivian viviane vivi vivienne
vladimir vova volodymyr wladimir vlado
volodymyr vladimir
william wiliam wille ville bill will willy
yasin yassin yasseen
ylva ulva
yngve inge
yvonne ivonne evonne yvon
zacharias zackarias sakarias zack zakarias sack
zahra zara zahraa
zeinab zainab zeynep zaynab zejneb zeineb
`;

const GROUPS: ReadonlyMap<string, readonly number[]> = readGroups(NAMES_OF_ONE_PERSON);
const NONE: readonly number[] = [];

/** Marks of the names that a folded first name goes with: two names with a mark in common are alike. */
export function shortFormMarks(foldedFirstName: string): readonly number[] {
  return GROUPS.get(foldedFirstName) ?? NONE;
}

/** Whether one may be a short form, or another spelling, of the other. */
export function haveMarkInCommon(one: readonly number[], other: readonly number[]): boolean {
  for (const mark of one) if (other.includes(mark)) return true;
  return false;
}

function readGroups(text: string): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  const lines = text.trim().split(/\n(?! )/);
  lines.forEach((line, mark) => {
    for (const name of new Set(line.trim().split(/\s+/).map(foldLetters))) {
      const marks = groups.get(name);
      if (marks === undefined) groups.set(name, [mark]);
      else marks.push(mark);
    }
  });
  return groups;
}
