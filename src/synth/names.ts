/** Common given and family names; put together at random they name nobody. */
export const femaleNames =
  'Alma Amara Ana Beatrice Bonnie Camila Carla Celia Clara Dana Delia Dorothy Edith Elena Emiko Esther Fatima Flora Gloria Grace Hana Helen Imani Ines Irene Ivy Jada Jean Joan Julia Keiko Laila Lena Lily Lucia Mabel Maria Marta Mei Nadia Nora Olive Pearl Priya Rosa Ruth Sadie Sofia Stella Tessa Thea Uma Vera Violet Wanda Yara Zoe'.split(
    ' ',
  )

export const maleNames =
  'Abel Adam Aldo Amir Andre Arthur Ben Bruno Caleb Carlos Cyrus Daniel Darius Diego Earl Elias Emil Ezra Felix Frank George Grant Hassan Henry Hugo Ian Isaac Ivan Jack Jamal Joel Jorge Julian Karl Kenji Leo Lewis Luis Malik Marco Miles Nathan Noah Oscar Otis Owen Paul Pedro Quentin Rafael Ravi Ray Samuel Simon Theo Tomas Victor Walter Wei Yusuf'.split(
    ' ',
  )

export const familyNames =
  'Abbott Aguilar Alvarez Amari Baker Barrera Becker Bennett Boateng Brandt Brooks Calder Carver Castillo Chan Chavez Cole Dalton Davila Decker Duarte Eaton Ellis Espinoza Farrow Fields Fischer Fuentes Gaines Garner Gibbs Greene Gupta Hale Harmon Hayashi Holt Huang Ibarra Iverson Jacobs Jensen Kamara Keller Kim Lambert Larsen Lopez Lowell Mahoney Marsh Medina Mensah Moreno Nakamura Navarro Nguyen Norris Okafor Olsen Ortega Osei Padilla Park Patel Pruitt Quinn Ramos Reyes Rhodes Rivera Rossi Salazar Sandoval Sato Shah Singh Solis Stone Sutton Tanaka Thorne Torres Tran Underwood Valdez Vance Vargas Voss Wade Walsh Wells Whitaker Wong Yates York Zamora Zeller'.split(
    ' ',
  )

export const streets =
  'Alder Ash Aspen Birch Bridge Canal Cedar Chestnut Church Clover College Copper Dogwood Elm Fern Garden Grove Hazel Hickory Juniper Lake Laurel Linden Main Maple Meadow Mill Oak Orchard Park Pearl Pine Poplar Prairie Quarry Ridge River School Spring Spruce Summit Sycamore Union Valley Walnut Willow'.split(
    ' ',
  )
